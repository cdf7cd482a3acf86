//! The reverse proxy: who gets in, what passes, and with which token. In front of a cluster that is
//! made up where a test has to see what arrives, and of the sandbox where tokens count.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "../common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;
#[path = "../common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;

mod callers;
mod certificates;
mod client;
mod command;
mod configuration;
mod kubectl;
mod listeners;
mod memory;
mod process;
mod reaching;
mod smuggling;
mod streams;
mod tokens;
mod trial;
mod upgrades;
mod upstream;
