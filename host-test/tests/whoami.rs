//! `eks-token whoami`, at the sandbox's STS.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;
#[path = "common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

use std::process::Command;

use eks_token_host::Clock;
use eks_token_host::sandbox::Identity;
use outcome::{failure, success};
use running::{EKS_TOKEN, Running};
use serde_json::Value;

fn sandbox() -> Running {
    Running::with(1, |options| options.clock = Clock::default())
}

fn whoami(sandbox: &Running, arguments: &[&str]) -> Command {
    let mut command = sandbox.program(EKS_TOKEN, Identity::Reader);
    command.arg("whoami").args(arguments);
    command
}

#[test]
fn says_who() {
    let sandbox = sandbox();
    let text = success(&whoami(&sandbox, &[]).output().expect("it runs"));
    let lines: Vec<_> = text.lines().map(|line| line.split_at(16)).collect();
    let value = |label: &str| {
        let line = lines.iter().find(|(name, _)| name.trim_end() == label);
        line.expect("a line").1.to_owned()
    };
    assert_eq!(value("ARN"), "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local");
    assert_eq!(value("canonical ARN"), "arn:aws:iam::111122223333:role/sandbox-reader");
    assert_eq!(value("account"), "111122223333");
    assert_eq!(value("session name"), "local");
    let json = success(&whoami(&sandbox, &["-o", "json"]).output().expect("it runs"));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["canonicalArn"], value("canonical ARN"));
}

#[test]
fn says_who_one_is_behind_a_chain_of_roles() {
    let sandbox = sandbox();
    let chain =
        ["one", "two", "three"].map(|name| format!("arn:aws:iam::111122223333:role/chain-{name}"));
    let [one, two, three] = chain.each_ref().map(String::as_str);
    let options = ["-r", one, "-r", two, "-r", three, "-s", "ada", "-o", "json"];
    let ids = ["-e", "none-1", "-e", "external-two", "-e", "none-3"];
    let whole = [options.as_slice(), ids.as_slice()].concat();
    let json = success(&whoami(&sandbox, &whole).output().expect("it runs"));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["arn"], "arn:aws:sts::111122223333:assumed-role/chain-three/ada");
    let wrong = [options.as_slice(), &["-e", "a1", "-e", "wrong", "-e", "c3"]].concat();
    let line = failure(&whoami(&sandbox, &wrong).output().expect("it runs"), 1);
    assert!(line.contains("AccessDenied") && line.contains("sts:AssumeRole"), "{line}");
    assert!(line.contains("chain-two"), "{line}");
}

#[test]
fn says_what_sts_refuses() {
    let sandbox = sandbox();
    let mut secret = whoami(&sandbox, &[]);
    secret.env("AWS_SECRET_ACCESS_KEY", "geheim");
    let line = failure(&secret.output().expect("it runs"), 1);
    assert!(line.contains("SignatureDoesNotMatch"), "{line}");
    let mut unreachable = whoami(&sandbox, &[]);
    unreachable.env("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:1");
    let line = failure(&unreachable.output().expect("it runs"), 1);
    assert!(line.contains("cannot reach STS") && line.contains("refused"), "{line}");
}

/// The presigned request is as good as a token.
#[test]
fn sends_nothing_over_plain_http() {
    let sandbox = sandbox();
    let mut plain = whoami(&sandbox, &[]);
    plain.env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let line = failure(&plain.output().expect("it runs"), 2);
    assert!(line.contains("https alone"), "{line}");
}
