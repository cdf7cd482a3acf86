//! Runs the EKS token signer component in wasmtime.
//!
//! Without features this is the embedding alone: [`Signer`]. The feature `aws` adds credentials by
//! AWS's default chain and DescribeCluster, `kube` a Kubernetes client that carries a token,
//! `proxy` a reverse proxy that adds one, `compiler` components compiled at run time.

#[cfg(any(feature = "aws", feature = "sandbox"))]
mod caller_identity;
#[cfg(any(feature = "kube", feature = "sandbox"))]
mod clock;
mod signer;
#[cfg(any(feature = "aws", feature = "kube"))]
mod transport;

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "kube")]
pub mod kube;

#[cfg(all(feature = "aws", feature = "kube"))]
pub mod cluster;

#[cfg(feature = "proxy")]
pub mod proxy;

#[cfg(feature = "sandbox")]
pub mod sandbox;

#[cfg(any(feature = "aws", feature = "sandbox"))]
pub use caller_identity::CallerIdentity;
#[cfg(any(feature = "kube", feature = "sandbox"))]
pub use clock::Clock;
pub use eks_token_signer::{
    AccessKeyId, Claims, Cluster, Credentials, Day, DayKey, EndpointFeatures, Error,
    ExecCredential, Finding, Inspection, Invalid, Lifetime, Partition, Region, Rejection,
    SecretAccessKey, SessionToken, SigningMaterial, SigningTime, StsEndpoint, StsHost, Token,
    TokenRequest, UrlExpiry,
};
pub use signer::{PresignedRequest, Signer, SignerError, SignerOptions};

/// The examples of the README, compiled.
#[cfg(all(doctest, feature = "aws", feature = "kube"))]
#[doc = include_str!("../../README.md")]
struct Readme;
