//! Roles on the way to a token, and the cache of what they yield.
#![cfg(feature = "cli")]
#![allow(missing_docs, reason = "a test")]

#[path = "../common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;
#[path = "../common/outcome.rs"]
mod outcome;
#[path = "../common/terminal.rs"]
mod terminal;

mod cache;
mod chain;
mod mfa;
mod trial;
