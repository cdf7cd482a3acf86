//! What every proxy that adds an EKS token must know, and none should write anew: who may use it,
//! what may pass, what is taken out of a request, which credentials sign, and how long a token is
//! kept. Pure, like the signer: no clock, no file, no socket.
//!
//! A proxy that adds a token lends its identity to whoever reaches it. So a [`Config`] must say
//! how callers are authenticated, and unless it says more, only reading passes.
//!
//! ```text
//! configuration → Config ─┐
//! request ────────────────┴→ Admission → cluster ─┐
//! credentials document → Credentials ─────────────┴→ KeptToken → Authorization
//! ```
//!
//! The crates around it know one ABI each: proxy-wasm, http-wasm, wasi:http. `eks-token proxy` takes
//! its [`Rules`] from here, too.

#![no_std]

extern crate alloc;

mod admission;
mod callers;
pub mod config;
pub mod credentials;
mod refusal;
pub mod rules;
mod smuggled;
mod token;

pub use admission::{Admission, Caller, Destination, Request};
pub use callers::{BearerHash, Callers};
pub use config::{ClusterEntry, Config, ConfigError, CredentialSource};
pub use refusal::{Refusal, Unavailable};
pub use rules::{Interactive, RequestLine, Rules};
pub use smuggled::{is_smuggled, without_smuggled_protocols};
pub use token::{KeptToken, renew_credentials_at};
