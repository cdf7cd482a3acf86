//! A local EKS: one cluster on 127.0.0.1, with its AWS and its Kubernetes API, for trying things
//! out and for tests.
//!
//! [`Sandbox::start`] makes a certificate authority and temporary credentials from the operating
//! system's randomness and serves, over TLS alone:
//!
//! - the EKS API, as far as `DescribeCluster`, `ListAccessEntries` and `DescribeAccessEntry`;
//! - the STS API, as far as `GetCallerIdentity` and `AssumeRole`, for a handful of roles. Like the EKS
//!   API it checks the caller's SigV4 signature;
//! - a Kubernetes API that takes a bearer token as EKS does: the checks of the cluster's
//!   authenticator, then those of STS, then access entries and `aws-auth`, then a table of rules. It
//!   serves pods, which can be created and deleted while they are listed and watched.
//!
//! Signatures are recomputed by the crate aws-sigv4, which shares no code with the signer that is
//! tried out here. No credentials but the sandbox's own are ever accepted, and none are logged.

mod access_entries;
mod authenticator;
mod aws_auth;
mod certificates;
mod cluster;
mod credentials;
mod eks;
mod environment;
mod error;
mod identity;
mod identity_mapping;
mod instance;
mod kubernetes;
mod options;
mod request_log;
mod role;
mod server;
mod sigv4;
mod sts;
mod user;

pub use cluster::{AuthenticationMode, ClusterStatus, EksAction};
pub use environment::CONFLICTING_VARIABLES;
pub use error::SandboxError;
pub use identity::Identity;
pub use instance::Sandbox;
pub use kubernetes::PodError;
pub use options::SandboxOptions;
pub use request_log::{Api, HeadersHook, Outcome, RequestHook, RequestRecord};
pub use role::{EXTERNAL_ID, MFA_SERIAL_NUMBER, MFA_TOKEN_CODE, Role};
pub use user::POD_READERS;

pub use crate::Clock;

/// The account that everything in a sandbox belongs to: one that AWS's own documentation uses.
pub const ACCOUNT_ID: &str = "111122223333";
