//! The command `eks-token`, as far as it needs no server.
#![cfg(feature = "cli")]

mod derive_key;
mod get_token;
mod inspect;
mod manual;
#[path = "../common/outcome.rs"]
mod outcome;
mod refusals;
mod support;
#[path = "../common/terminal.rs"]
mod terminal;
