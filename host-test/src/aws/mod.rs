//! What AWS knows of the caller: credentials, settings, and the cluster's address.
//!
//! This is the only room that knows the AWS SDK. It makes no token: the host of one comes from
//! [`Settings::sts_endpoint`], and no `AWS_ENDPOINT_URL` reaches that.

mod cluster_name;
mod convert;
mod credentials;
mod eks;
mod endpoint_url;
mod environment;
mod error;
mod http;
mod settings;

pub use cluster_name::ClusterName;
pub use credentials::find_credentials;
pub use eks::{ClusterDescription, describe_cluster};
pub use environment::Environment;
pub use error::{AwsError, Searched};
pub use settings::{Settings, StsEndpointMode};

pub use crate::transport::TransportFault;
