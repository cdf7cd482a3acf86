//! `eks-token diagnose` on set-ups that are broken in one place each.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;
#[path = "common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;
#[path = "common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use api_server::{Answer, ApiServer};
use eks_token_host::Clock;
use eks_token_host::sandbox::{AuthenticationMode, Identity, SandboxOptions};
use outcome::{failure, stderr, success};
use running::{EKS_TOKEN, Running};
use serde_json::{Value, json};

fn sandbox(change: impl FnOnce(&mut SandboxOptions)) -> Running {
    Running::with(3, |options| {
        options.clock = Clock::default();
        change(options);
    })
}

fn diagnose(sandbox: &Running, identity: Identity) -> Command {
    let mut command = sandbox.program(EKS_TOKEN, identity);
    command.args(["diagnose", "--cluster-name", &sandbox.cluster, "-o", "json"]);
    command
}

/// What is broken, and the sentence that says so. All steps before are as they should be.
fn broken(command: &mut Command) -> (String, String, String) {
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["healthy"], false);
    let steps = report["steps"].as_array().expect("a list");
    let (last, before) = steps.split_last().expect("a step");
    assert!(before.iter().all(|step| step["status"] != "broken"), "{report:#}");
    assert_eq!(last["status"], "broken");
    assert_eq!(last["step"], report["brokenStep"]);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&report["brokenStep"]), text(&report["code"]), text(&last["message"]))
}

#[track_caller]
fn assert_broken(command: &mut Command, step: &str, code: &str, words: &[&str]) {
    let (its_step, its_code, message) = broken(command);
    println!("{its_step} / {its_code}: {message}");
    assert_eq!((its_step.as_str(), its_code.as_str()), (step, code), "{message}");
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

#[test]
fn finds_nothing_where_all_is_well() {
    let sandbox = sandbox(|_| {});
    let output = diagnose(&sandbox, Identity::Reader).output().expect("it runs");
    let report: Value = serde_json::from_str(&success(&output)).expect("JSON");
    assert_eq!(report["healthy"], true, "{report:#}");
    assert_eq!(report["code"], Value::Null);
    let steps = report["steps"].as_array().expect("a list");
    let names: Vec<_> = steps.iter().map(|step| step["step"].as_str().expect("a name")).collect();
    let all =
        ["credentials", "region", "cluster", "endpoint", "token", "sts", "mapping", "api-server"];
    assert_eq!(names, all);
    assert!(steps.iter().all(|step| step["status"] == "ok"), "{report:#}");
    // For people, too.
    let mut command = sandbox.program(EKS_TOKEN, Identity::Reader);
    let command = command.args(["diagnose", "--cluster-name", &sandbox.cluster]);
    let text = success(&command.output().expect("it runs"));
    assert_eq!(text.lines().count(), 8, "{text}");
    assert!(
        text.contains("you are arn:aws:sts::111122223333:assumed-role/sandbox-reader/"),
        "{text}"
    );
}

#[test]
fn finds_what_is_wrong_with_credentials() {
    let sandbox = sandbox(|_| {});
    let reader = || diagnose(&sandbox, Identity::Reader);
    let mut none = reader();
    none.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    assert_broken(&mut none, "credentials", "no-credentials", &["aws sso login"]);
    let mut half = reader();
    half.env_remove("AWS_SECRET_ACCESS_KEY");
    assert_broken(&mut half, "credentials", "partial-credentials", &["AWS_SECRET_ACCESS_KEY"]);
    let mut expired = reader();
    expired.env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
    assert_broken(&mut expired, "credentials", "credentials-expired", &["2020-01-01", "renew"]);
    let mut profile = reader();
    profile.args(["--profile", "nobody"]);
    assert_broken(&mut profile, "credentials", "no-profile", &["nobody", "list-profiles"]);
    let mut role = reader();
    role.args(["--role-arn", "arn:aws:iam::111122223333:role/nobody"]);
    assert_broken(&mut role, "credentials", "role-not-assumed", &["role/nobody", "trust policy"]);
}

#[test]
fn finds_what_is_wrong_with_the_region() {
    let sandbox = sandbox(|_| {});
    let reader = || diagnose(&sandbox, Identity::Reader);
    let mut none = reader();
    none.env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION");
    assert_broken(&mut none, "region", "no-region", &["--region"]);
    let mut unknown = reader();
    unknown.args(["--region", "middle-earth-1"]);
    assert_broken(&mut unknown, "region", "unknown-region", &["middle-earth-1"]);
}

#[test]
fn finds_what_is_wrong_with_the_cluster() {
    let sandbox = sandbox(|_| {});
    let mut unknown = sandbox.program(EKS_TOKEN, Identity::Reader);
    unknown.args(["diagnose", "--cluster-name", "nowhere", "-o", "json"]);
    assert_broken(&mut unknown, "cluster", "cluster-not-found", &["nowhere", "--region"]);
    let reader = || diagnose(&sandbox, Identity::Reader);
    let mut secret = reader();
    secret.env("AWS_SECRET_ACCESS_KEY", "geheim");
    assert_broken(&mut secret, "cluster", "wrong-secret", &["SignatureDoesNotMatch", "renew"]);
    let mut key = reader();
    key.env("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
    assert_broken(&mut key, "cluster", "unknown-access-key", &["InvalidClientTokenId"]);
    let mut unreachable = reader();
    unreachable.env("AWS_ENDPOINT_URL_EKS", "https://127.0.0.1:1");
    assert_broken(&mut unreachable, "cluster", "eks-unreachable", &["refused"]);
    // An EKS that knows the caller and does not let it, or not yet.
    let ca = sandbox.home.path().join("eks.pem");
    let of_eks = |answer: fn() -> Answer| {
        let eks = ApiServer::start(&["127.0.0.1"], move |_, _| answer());
        fs::write(&ca, eks.authority()).expect("a file");
        let mut command = reader();
        command.env("AWS_ENDPOINT_URL_EKS", eks.url()).env("AWS_CA_BUNDLE", &ca);
        command
    };
    let mut denied = of_eks(|| Answer {
        status: "403 Forbidden",
        headers: "x-amzn-ErrorType: AccessDeniedException\r\n".to_owned(),
        body: json!({"message": "not authorized to perform: eks:DescribeCluster"}).to_string(),
    });
    assert_broken(&mut denied, "cluster", "describe-denied", &["eks:DescribeCluster", "--server"]);
    let mut creating =
        of_eks(|| Answer::json(&json!({"cluster": {"name": "sandbox", "status": "CREATING"}})));
    assert_broken(&mut creating, "cluster", "cluster-not-ready", &["CREATING", "wait"]);
}

#[test]
fn finds_what_is_wrong_with_the_endpoint() {
    let sandbox = sandbox(|_| {});
    let other = ApiServer::start(&["127.0.0.1"], |_, _| Answer::json(&json!({})));
    let other_ca = sandbox.home.path().join("other.pem");
    fs::write(&other_ca, other.authority()).expect("a file");
    let mut refused = diagnose(&sandbox, Identity::Reader);
    refused.args(["--server", "https://127.0.0.1:1", "--certificate-authority"]).arg(sandbox.ca());
    assert_broken(&mut refused, "endpoint", "endpoint-unreachable", &["refused"]);
    let mut name = diagnose(&sandbox, Identity::Reader);
    name.args(["--server", "https://eks.invalid", "--certificate-authority"]).arg(sandbox.ca());
    assert_broken(&mut name, "endpoint", "endpoint-not-resolved", &["DNS"]);
    let mut authority = diagnose(&sandbox, Identity::Reader);
    authority.args(["--server", &sandbox.url, "--certificate-authority"]).arg(&other_ca);
    assert_broken(&mut authority, "endpoint", "wrong-ca", &["wrong CA"]);
}

#[test]
fn finds_what_is_wrong_with_the_token() {
    let sandbox = sandbox(|_| {});
    let mut large = diagnose(&sandbox, Identity::Reader);
    large.env("AWS_SESSION_TOKEN", "A".repeat(3_500));
    large.args(["--server", &sandbox.url, "--certificate-authority"]).arg(sandbox.ca());
    assert_broken(&mut large, "token", "too-large", &["4096"]);
}

#[test]
fn finds_what_is_wrong_at_sts() {
    let sandbox = sandbox(|_| {});
    let with_server = || {
        let mut command = diagnose(&sandbox, Identity::Reader);
        command.args(["--server", &sandbox.url, "--certificate-authority"]).arg(sandbox.ca());
        command
    };
    let mut secret = with_server();
    secret.env("AWS_SECRET_ACCESS_KEY", "geheim");
    assert_broken(&mut secret, "sts", "wrong-secret", &["SignatureDoesNotMatch"]);
    let mut unreachable = with_server();
    unreachable.env("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:1");
    assert_broken(&mut unreachable, "sts", "sts-unreachable", &["STS", "refused"]);
}

/// The whole sandbox is ten minutes ahead.
#[test]
fn finds_a_clock_that_is_wrong() {
    let ahead = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        now.as_secs() + 600
    };
    let sandbox = sandbox(|options| options.clock = Clock::new(ahead));
    let mut command = diagnose(&sandbox, Identity::Reader);
    command.args(["--server", &sandbox.url, "--certificate-authority"]).arg(sandbox.ca());
    assert_broken(&mut command, "sts", "clock-skew", &["seconds behind", "NTP"]);
}

#[test]
fn finds_who_is_not_mapped() {
    let sandbox = sandbox(|_| {});
    let role = "arn:aws:iam::111122223333:role/sandbox-stranger";
    assert_broken(
        &mut diagnose(&sandbox, Identity::Stranger),
        "mapping",
        "not-mapped",
        &[role, "create-access-entry"],
    );
    // What the ConfigMap of someone who may read it says.
    for (arn, code, words) in [
        ("arn:aws:iam::111122223333:role/team/sandbox-stranger", "role-path", "path"),
        (
            "arn:aws:sts::111122223333:assumed-role/sandbox-stranger/local",
            "assumed-role-arn",
            "a session's ARN",
        ),
        ("arn:aws:iam::999988887777:role/sandbox-stranger", "wrong-account", "another account"),
    ] {
        let file = sandbox.home.path().join("aws-auth.yaml");
        let text = format!(
            "kind: ConfigMap\ndata:\n  mapRoles: |\n    - rolearn: {arn}\n      groups: [a]\n"
        );
        fs::write(&file, text).expect("a file");
        let mut command = diagnose(&sandbox, Identity::Stranger);
        // Not asked for, the cluster may look into aws-auth.
        command.args(["--server", &sandbox.url, "--certificate-authority"]).arg(sandbox.ca());
        command.arg("--aws-auth").arg(&file);
        assert_broken(&mut command, "mapping", code, &[arn, words, role]);
    }
    // Its mode says that it does not.
    let file = sandbox.home.path().join("aws-auth.yaml");
    let text = format!("data:\n  mapRoles: |\n    - rolearn: {role}\n");
    fs::write(&file, text).expect("a file");
    let mut command = diagnose(&sandbox, Identity::Stranger);
    command.arg("--aws-auth").arg(&file);
    assert_broken(&mut command, "mapping", "aws-auth-ignored", &["mode is API"]);
    let file = sandbox.home.path().join("aws-auth.yaml");
    fs::write(&file, "kind: ConfigMap\ndata: {mapRoles: \"[\"}\n").expect("a file");
    let mut command = diagnose(&sandbox, Identity::Stranger);
    command.arg("--aws-auth").arg(&file);
    assert!(failure(&command.output().expect("it runs"), 2).contains("mapRoles"));
}

/// As a cluster is found that is looked up by its `ConfigMap` alone, by someone who may read it.
#[test]
fn looks_into_aws_auth_itself() {
    let sandbox = sandbox(|options| {
        options.authentication_mode = AuthenticationMode::ConfigMap;
        options.aws_auth = Some(
            "mapRoles: |\n  - rolearn: arn:aws:iam::111122223333:role/sandbox-reader\n    \
             username: reader\n    groups: [\"sandbox:pod-readers\"]\n"
                .to_owned(),
        );
    });
    let output = diagnose(&sandbox, Identity::Reader).output().expect("it runs");
    let report: Value = serde_json::from_str(&success(&output)).expect("JSON");
    assert!(report.to_string().contains("is in mapRoles of aws-auth"), "{report:#}");
    // Someone who is not in it may not read it either.
    assert_broken(
        &mut diagnose(&sandbox, Identity::Stranger),
        "api-server",
        "not-mapped",
        &["--aws-auth FILE"],
    );
}

/// The certificate authority that AWS tells is not the one that signed the server's certificate.
#[test]
fn finds_a_certificate_authority_that_is_wrong() {
    let sandbox = sandbox(|options| options.describes_other_authority = true);
    let mut command = diagnose(&sandbox, Identity::Reader);
    assert_broken(&mut command, "endpoint", "wrong-ca", &["wrong CA"]);
}

#[test]
fn finds_who_may_not() {
    let sandbox = sandbox(|_| {});
    assert_broken(
        &mut diagnose(&sandbox, Identity::NoAccess),
        "api-server",
        "forbidden",
        &["cannot list resource \"pods\"", "Role"],
    );
}
