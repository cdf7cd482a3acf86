//! Beside the programs that people run today: `make test-peers` installs them and sets
//! `EKS_TOKEN_PEERS`.
#![allow(missing_docs, reason = "a test")]

#[path = "../common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;
#[path = "../common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

mod exec_plugin;
mod get_token;
mod moto;
mod roles;
mod support;
mod update_kubeconfig;
