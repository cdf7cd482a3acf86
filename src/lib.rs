//! Makes and reads the bearer tokens of Amazon EKS. Pure: no clock, no file, no socket, no
//! environment, no randomness. Same arguments, same answer.
//!
//! A token is a presigned STS `GetCallerIdentity` URL in base64. [`Token::new`] makes one,
//! [`inspect`] says what is in one and why a server would refuse it, [`verify`] whether one was
//! signed with given credentials, [`exec_credential`] wraps one for kubectl and its like.
//!
//! The way of the data, one step a type:
//!
//! ```text
//! CanonicalRequest → StringToSign → Signature → PresignedUrl → Token → ExecCredential JSON
//! ```
//!
//! Arguments are checked once, when their types are built; nothing behind them checks again.
//! Secrets are redacted in every `Debug` and appear in no error.
//!
//! With the feature `component` this crate becomes a WebAssembly component with the interfaces of
//! `wit/token.wit`. Programs that link it as a crate leave that feature off.

#![no_std]

extern crate alloc;

#[cfg(all(feature = "component", target_family = "wasm"))]
mod component;
#[cfg(all(feature = "component", target_family = "wasm"))]
mod memory;

mod cluster;
mod credentials;
mod error;
mod exec;
mod finding;
mod inspect;
pub mod sigv4;
mod sts;
mod text;
mod time;
mod token;
mod verify;
mod wipe;

pub use cluster::Cluster;
pub use credentials::{
    AccessKeyId, Credentials, DayKey, SecretAccessKey, SessionToken, SigningMaterial,
};
pub use error::{Error, Invalid};
pub use exec::{ExecCredential, exec_credential};
pub use finding::Finding;
pub use inspect::{Claims, Inspection, Rejection, inspect};
pub use sts::{
    EndpointFeatures, GLOBAL_HOST, GLOBAL_SIGNING_REGION, Partition, PresignedUrl, Region, SERVICE,
    StsEndpoint, StsHost, TokenRequest, UrlExpiry,
};
pub use time::{Day, SigningTime, Stamp};
pub use token::{ACCEPTED_FOR, Lifetime, MAX_LENGTH, PREFIX, Token};
pub use verify::verify;
