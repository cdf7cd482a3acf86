//! Adds an EKS token to requests inside Traefik and other hosts of http-wasm modules. Its README says
//! how to configure it and how callers are authenticated.
//!
//! What may pass and how long a token is kept is decided in `eks-token-gateway`; this crate speaks
//! the host's language. That has no connections, no timers and no memory that guests share: so
//! credentials come from a file, which is looked at again with the requests, and each guest keeps a
//! token of its own.
#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

mod abi;
mod guest;
mod request;
mod source;
