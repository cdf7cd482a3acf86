//! What passes, what is taken out of it, and what is refused before the cluster is asked.

use std::process::Stdio;

use eks_token_plugin_tests::promises;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use crate::jco::{PATIENCE, Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=5";

#[tokio::test]
async fn pods_are_listed_with_a_token_and_without_what_was_smuggled_in() {
    let trial = Trial::start(Setup::default()).await;
    promises::lists_pods_without_what_was_smuggled_in(&trial.client, &trial.upstream).await;
}

#[tokio::test]
async fn writing_and_ways_into_containers_are_refused_before_the_cluster_is_asked() {
    let trial = Trial::start(Setup::default()).await;
    promises::refuses_all_but_reading(&trial.client, &trial.upstream).await;
}

/// Node sends a body without a length, of a method that needs none, without a frame: the cluster would
/// read it as a further request, which no rule has seen.
#[tokio::test]
async fn a_body_becomes_no_further_request() {
    let trial = Trial::start(Setup::default()).await;
    let body = "DELETE /api/v1/namespaces/default HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    let output = Command::new("curl")
        .args(["--silent", "--request", "GET", "--header", "Transfer-Encoding: chunked"])
        .args(["--data-binary", body, "--write-out", "%{http_code}", &trial.client.url(PODS)])
        .output()
        .await
        .expect("curl");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.ends_with("400"), "{answer}");
    assert!(answer.contains("Content-Length"), "{answer}");
    assert_eq!(trial.upstream.count(), 0, "something arrived");
}

#[tokio::test]
async fn a_body_arrives_where_writing_is_allowed() {
    let config = promises::told();
    let trial = Trial::start(Setup { config, ..Setup::default() }).await;
    let review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let body = serde_json::json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "list", "resource": "pods"}},
    });
    let output = Command::new("curl")
        .args(["--silent", "--header", "Content-Type: application/json"])
        .args(["--data-binary", &body.to_string(), &trial.client.url(review)])
        .output()
        .await
        .expect("curl");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.contains("\"allowed\":true"), "{answer} {}", trial.jco.log());
    assert_eq!(trial.upstream.count(), 1);
}

/// The first event comes while the watch is still open.
#[tokio::test]
async fn a_watch_flows_through() {
    let trial = Trial::start(Setup::default()).await;
    let url = trial.client.url("/api/v1/pods?watch=1");
    let mut curl = Command::new("curl")
        .args(["--silent", "--no-buffer", &url])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("curl");
    let mut lines = BufReader::new(curl.stdout.take().expect("output")).lines();
    let mut seen = String::new();
    while !seen.contains("new-pod") {
        if seen.is_empty() {
            trial.upstream.sandbox().create_pod("new-pod").expect("a pod");
        }
        let line = timeout(PATIENCE, lines.next_line()).await.expect("an event").expect("text");
        seen = line.expect("the watch is open");
    }
    assert!(curl.try_wait().expect("a status").is_none(), "the watch has ended");
}

#[tokio::test]
async fn a_token_does_not_follow_a_redirect() {
    let sandbox = |options: &mut eks_token_host::sandbox::SandboxOptions| {
        options.redirect_pods_to = Some("https://elsewhere.example.com".to_owned());
    };
    let trial = Trial::start(Setup { sandbox, ..Setup::default() }).await;
    let answer = trial.client.get(PODS).await;
    assert_eq!(answer.status, 307, "{}", trial.jco.log());
}

#[tokio::test]
async fn a_cluster_that_nobody_vouches_for_is_not_asked() {
    let trial = Trial::start(Setup { knows_authority: false, ..Setup::default() }).await;
    let answer = trial.client.get(PODS).await;
    assert_eq!(answer.status, 502, "{}", trial.jco.log());
    assert_eq!(trial.upstream.count(), 0);
}
