//! The proxy-wasm module inside a real Envoy, in front of a cluster that takes its tokens.
#![allow(missing_docs, reason = "a test")]

mod callers;
mod credentials;
mod envoy;
mod examples;
mod faulty;
mod requests;
mod tokens;
