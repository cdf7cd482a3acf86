//! `eks-token pods` against a sandbox, from DescribeCluster to the list, beside the real kubectl
//! where there is one.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "common/outcome.rs"]
mod outcome;
#[path = "common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

use std::fs;
use std::process::{Command, Output};

use eks_token_host::sandbox::Identity;
use outcome::{failure, stderr, success};
use running::{EKS_TOKEN, Running};
use serde_json::Value;

#[test]
fn lists_pods_by_the_name_of_the_cluster() {
    let sandbox = Running::start(24);
    let output = sandbox.run(&["-A"]);
    let text = success(&output);
    assert!(text.starts_with("NAMESPACE "), "{text}");
    assert_eq!(text.lines().count(), 25, "{text}");
    assert_eq!(stderr(&output), "24 pods\n");
    // By its ARN, from anywhere.
    let arn = format!("arn:aws:eks:eu-central-1:111122223333:cluster/{}", sandbox.cluster);
    let output = sandbox
        .program(EKS_TOKEN, Identity::Reader)
        .args(["pods", "-A", "--cluster-name", &arn])
        .env("AWS_REGION", "us-east-1")
        .output()
        .expect("it runs");
    assert_eq!(success(&output), text);
    // By its address.
    let output = sandbox
        .pods(Identity::Reader)
        .args(["-A", "--server", &sandbox.url, "--certificate-authority"])
        .arg(sandbox.ca())
        .env_remove("AWS_ENDPOINT_URL_EKS")
        .output()
        .expect("it runs");
    assert_eq!(success(&output), text);
}

#[test]
fn lists_1200_pods_in_three_pages() {
    let sandbox = Running::start(1_200);
    let output = sandbox.run(&["-A", "-o", "name"]);
    assert_eq!(success(&output).lines().count(), 1_200);
    assert_eq!(stderr(&output), "1200 pods\n");
    assert_eq!(sandbox.lists().len(), 3, "{:?}", sandbox.lists());
    let json: Value =
        serde_json::from_str(&success(&sandbox.run(&["-A", "-o", "json"]))).expect("JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(1_200));
    assert_eq!(success(&sandbox.run(&["-A"])).lines().count(), 1_201);
}

#[test]
fn begins_again_where_a_continuation_has_expired() {
    let sandbox = Running::with(1_200, |options| options.expired_continuations = 1);
    let output = sandbox.run(&["-A", "-o", "name"]);
    assert_eq!(success(&output).lines().count(), 1_200);
    assert_eq!(sandbox.lists().len(), 5, "{:?}", sandbox.lists());
}

#[test]
fn signs_with_a_day_key() {
    let sandbox = Running::start(1);
    let file = sandbox.home.path().join("keys.json");
    let derived = sandbox
        .program(EKS_TOKEN, Identity::Reader)
        .args(["derive-key", "--output"])
        .arg(&file)
        .output()
        .expect("it runs");
    success(&derived);
    let mut command = Command::new(EKS_TOKEN);
    let output = command
        .env_clear()
        .env("HOME", sandbox.home.path())
        .args(["get-token", "--cluster-name", &sandbox.cluster, "--token-only", "--signing-key"])
        .arg(&file)
        .output()
        .expect("it runs");
    assert!(success(&output).starts_with("k8s-aws-v1."));
}

#[test]
fn says_who_refused() {
    let sandbox = Running::start(3);
    let run = |identity| sandbox.pods(identity).output().expect("it runs");
    let line = failure(&run(Identity::Stranger), 1);
    assert!(line.contains("401 Unauthorized") && line.contains("access entry"), "{line}");
    let line = failure(&run(Identity::NoAccess), 1);
    assert!(line.contains("403 Forbidden") && line.contains("pods is forbidden"), "{line}");
    // A token for a cluster of another name.
    let output = sandbox
        .program(EKS_TOKEN, Identity::Reader)
        .args(["pods", "--cluster-name", "other", "--server", &sandbox.url])
        .arg("--certificate-authority")
        .arg(sandbox.ca())
        .output()
        .expect("it runs");
    assert!(failure(&output, 1).contains("401 Unauthorized"));
}

#[test]
fn says_what_aws_refused() {
    let sandbox = Running::start(1);
    let describe = |cluster: &str, variables: &[(&str, &str)]| {
        sandbox
            .program(EKS_TOKEN, Identity::Reader)
            .args(["pods", "--cluster-name", cluster])
            .envs(variables.iter().copied())
            .output()
            .expect("it runs")
    };
    let line = failure(&describe("nowhere", &[]), 1);
    assert!(line.contains("no cluster nowhere in eu-central-1"), "{line}");
    let line = failure(&describe(&sandbox.cluster, &[("AWS_SECRET_ACCESS_KEY", "geheim")]), 1);
    assert!(line.contains("AWS does not accept the credentials"), "{line}");
    assert!(!line.contains("geheim"), "{line}");
    let line = failure(&describe(&sandbox.cluster, &[("AWS_CA_BUNDLE", "")]), 1);
    assert!(line.contains("DescribeCluster") && line.contains("certificate authority"), "{line}");
    let closed = ("AWS_ENDPOINT_URL_EKS", "https://127.0.0.1:1");
    let line = failure(&describe(&sandbox.cluster, &[closed]), 1);
    assert!(line.contains("DescribeCluster") && line.contains("connection was refused"), "{line}");
    let unknown = ("AWS_ENDPOINT_URL_EKS", "https://eks.invalid");
    let line = failure(&describe(&sandbox.cluster, &[unknown]), 1);
    assert!(line.contains("could not be resolved"), "{line}");
    let proxy = [("HTTPS_PROXY", "http://127.0.0.1:1"), ("NO_PROXY", ""), ("no_proxy", "")];
    let line = failure(&describe(&sandbox.cluster, &proxy), 1);
    assert!(line.contains("proxy of HTTPS_PROXY"), "{line}");
    let expired = ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
    let line = failure(&describe(&sandbox.cluster, &[expired]), 1);
    assert!(line.contains("expired at 2020-01-01T00:00:00Z"), "{line}");
}

#[test]
fn carries_no_token_behind_a_redirect() {
    let other = Running::start(1);
    let target = other.url.clone();
    let sandbox = Running::with(1, |options| options.redirect_pods_to = Some(target));
    assert!(failure(&sandbox.run(&[]), 1).contains("redirect"));
    assert!(other.lists().is_empty());
}

/// kubectl with a kubeconfig whose exec plugin is `eks-token`; none where kubectl is missing.
fn kubectl(sandbox: &Running, arguments: &[&str]) -> Option<Output> {
    let kubectl = std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join("kubectl"))
        .find(|program| program.is_file())?;
    let config = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {
            "server": sandbox.url, "certificate-authority": sandbox.ca(),
        }}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
        "users": [{"name": "c", "user": {"exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": EKS_TOKEN,
            "args": ["get-token", "--cluster-name", sandbox.cluster],
        }}}],
    });
    let path = sandbox.home.path().join("kubeconfig");
    fs::write(&path, config.to_string()).expect("a file");
    let mut command = sandbox.program(kubectl.to_str()?, Identity::Reader);
    command.arg("--kubeconfig").arg(path).args(["get", "pods"]).args(arguments);
    Some(command.output().expect("it runs"))
}

#[test]
fn prints_what_kubectl_prints() {
    let sandbox = Running::start(700);
    let everywhere: [&[&str]; 7] = [
        &["-A"],
        &["-A", "-o", "wide"],
        &[],
        &["-n", "kube-system"],
        &["-n", "kube-system", "-o", "wide"],
        &["-n", "kube-system", "-o", "name"],
        &["-n", "nowhere"],
    ];
    for arguments in everywhere {
        let Some(theirs) = kubectl(&sandbox, arguments) else {
            eprintln!("skipped: there is no kubectl on PATH");
            return;
        };
        assert_eq!(success(&sandbox.run(arguments)), success(&theirs), "{arguments:?}");
        if !success(&theirs).is_empty() {
            continue;
        }
        assert_eq!(stderr(&sandbox.run(arguments)), stderr(&theirs), "{arguments:?}");
    }
    for selector in ["tier=web", "tier in (web,jobs),app", "tier!=web"] {
        let arguments = ["-A", "-l", selector];
        let theirs = kubectl(&sandbox, &arguments).expect("it was there");
        assert_eq!(success(&sandbox.run(&arguments)), success(&theirs), "{selector}");
    }
    // The same documents, whatever the version of kubectl thinks of empty fields in `metadata`.
    let arguments = ["-n", "kube-system", "-o", "json"];
    let theirs = success(&kubectl(&sandbox, &arguments).expect("it was there"));
    let ours = success(&sandbox.run(&arguments));
    let items = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["items"].take();
    assert_eq!(items(&ours), items(&theirs));
    let arguments = ["-n", "kube-system", "-o", "yaml"];
    let theirs = success(&kubectl(&sandbox, &arguments).expect("it was there"));
    let ours = success(&sandbox.run(&arguments));
    let items = |text: &str| serde_saphyr::from_str::<Value>(text).expect("YAML")["items"].take();
    assert_eq!(items(&ours), items(&theirs));
}
