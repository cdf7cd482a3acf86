//! The http-wasm module inside a real Traefik, in front of a cluster that takes its tokens.
#![allow(missing_docs, reason = "a test")]

mod credentials;
mod faulty;
mod requests;
mod tokens;
mod traefik;
