//! Adds an EKS token to requests inside Envoy, Istio, APISIX and other proxies that run proxy-wasm
//! modules. Its README says how to configure it and how callers are authenticated.
//!
//! What may pass, which credentials sign and how long a token is kept is decided in
//! `eks-token-gateway`; this crate speaks the proxy's language. Each worker of the proxy has a
//! module of its own; they share the tokens (see [`shared`]), so that one of them signs for all.
#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

mod abi;
mod counters;
mod plugin;
mod renewal;
mod request;
mod root;
mod shared;
