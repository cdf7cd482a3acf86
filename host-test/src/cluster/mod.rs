//! A Kubernetes client for a cluster by name, for programs that run for long.
//!
//! The rooms `aws` and `kube` know nothing of each other; here they meet.
//!
//! ```no_run
//! use eks_token_host::aws::Environment;
//! use eks_token_host::cluster::k8s_openapi::api::core::v1::Pod;
//! use eks_token_host::cluster::kube::{Api, api::ListParams};
//! use eks_token_host::cluster::{ClusterAccess, ClusterOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let environment: Environment = std::env::vars_os().collect();
//! let options = ClusterOptions::new("my-cluster".to_owned().try_into()?, environment);
//! let client = ClusterAccess::find(options).await?.client();
//! for pod in Api::<Pod>::all(client).list(&ListParams::default()).await? {
//!     println!("{}", pod.metadata.name.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```

mod access;

pub use access::{AccessError, ClusterAccess, ClusterOptions};

/// The version that the client is of.
pub use k8s_openapi;
/// The version that the client is of.
pub use kube;
