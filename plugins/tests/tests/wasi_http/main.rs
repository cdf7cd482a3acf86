//! The composed wasi:http component inside `jco serve`, in front of a cluster that takes its tokens.
#![allow(missing_docs, reason = "a test")]

mod configuration;
mod jco;
mod requests;
mod tokens;
