//! What AWS knows of the caller: credentials, settings, and the cluster's address.
//!
//! This is the only room that knows the AWS SDK. It makes no token: the host of one comes from
//! [`Settings::sts_endpoint`], and no `AWS_ENDPOINT_URL` reaches that.

mod access_entries;
mod assume;
mod cluster_name;
mod convert;
mod credentials;
mod eks;
mod endpoint_url;
mod environment;
mod error;
mod get_caller_identity;
mod http;
mod profile_roles;
mod role;
mod role_cache;
mod session;
mod settings;
mod sts;

pub use access_entries::list_access_entries;
pub use assume::CredentialFinder;
pub use cluster_name::ClusterName;
pub use eks::{ClusterDescription, describe_cluster};
pub use environment::Environment;
pub use error::{AwsError, Searched};
pub use get_caller_identity::{StsAnswer, StsRefusal, get_caller_identity};
pub use role::{AssumeRole, ExternalId, InvalidRole, MfaCode, RoleArn, SessionName};
pub use role_cache::RoleCache;
pub use session::Session;
pub use settings::{Settings, StsEndpointMode};

pub use crate::transport::TransportFault;
