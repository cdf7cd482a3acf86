//! Chains of roles at moto, and whose credentials come out of them, asked by the AWS CLI.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::moto::Moto;
use crate::outcome::success;
use crate::support::{EKS_TOKEN, peer};

const ROLES: [&str; 3] = [
    "arn:aws:iam::123456789012:role/one",
    "arn:aws:iam::123456789012:role/two",
    "arn:aws:iam::123456789012:role/team/three",
];

#[test]
fn come_out_as_the_last_role() {
    let moto = Moto::start();
    for count in 1..=ROLES.len() {
        for (name, options) in [
            ("EKSGetTokenAuth", &[][..]),
            ("ada@example.com", &["--session-name", "ada@example.com", "--external-id", "x/1"]),
        ] {
            let home = tempfile::tempdir().expect("a folder");
            let mut command = Command::new(EKS_TOKEN);
            command.env_clear().env("HOME", home.path()).envs(moto.environment());
            command.args(["get-token", "--cluster-name", "dev", "--token-only", "--cache"]);
            for role in &ROLES[..count] {
                command.args(["--role-arn", role]);
            }
            let token = success(&command.args(options).output().expect("it runs"));
            assert!(token.starts_with("k8s-aws-v1."));
            let arn = caller(&moto, home.path());
            let role = ["one", "two", "three"][count - 1];
            assert!(arn.ends_with(&format!(":assumed-role/{role}/{name}")), "{arn}");
        }
    }
}

/// Whose credentials the cache holds.
fn caller(moto: &Moto, home: &Path) -> String {
    let entries = fs::read_dir(home.join(".cache/eks-token")).expect("a folder");
    let path = entries
        .map(|entry| entry.expect("a file").path())
        .find(|path| path.extension().is_some_and(|it| it == "json"))
        .expect("an entry");
    let entry: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("text")).expect("JSON");
    let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
    let mut command = Command::new(peer("aws"));
    command.env_clear().env("HOME", home).envs(moto.environment()).stdin(Stdio::null());
    command
        .env("AWS_ACCESS_KEY_ID", text("accessKeyId"))
        .env("AWS_SECRET_ACCESS_KEY", text("secretAccessKey"))
        .env("AWS_SESSION_TOKEN", text("sessionToken"))
        .args(["sts", "get-caller-identity", "--query", "Arn", "--output", "text"]);
    success(&command.output().expect("it runs")).trim_end().to_owned()
}
