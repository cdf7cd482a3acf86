//! The Kubernetes API of a cluster, reached with a token.
//!
//! This is the only room that knows kube. A token is a secret that works at every cluster of its
//! name: it travels over https alone, to a server that the cluster's own certificate authority
//! vouches for, and never on to where a redirect points.

pub(crate) mod api_server;
mod certificate_authority;
mod error;
mod lasting_client;
pub(crate) mod located;
mod namespace;
mod pod_list;
mod pods;
mod proxy;
mod read;
mod recent_failure;
mod redirect;
mod server_url;
pub(crate) mod tokens;

pub use api_server::ApiServer;
pub use certificate_authority::{CertificateAuthority, InvalidCertificateAuthority};
pub use error::ClientError;
pub use lasting_client::lasting_client;
pub use located::Locator;
pub use namespace::{InvalidNamespace, Namespace};
pub use pod_list::{Column, PodList, Row, Table};
pub use pods::{ListedSoFar, PAGE_SIZE, PodForm, PodQuery, list_pods};
pub use proxy::{InvalidProxy, ProxySettings};
pub use read::{probe, read};
pub use server_url::{InvalidServerUrl, ServerUrl};
pub use tokens::{BoxFuture, TokenSource};

pub use crate::transport::TransportFault;
