//! Watches as kubectl uses them.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::trial::{PATIENCE, Trial};

#[tokio::test]
async fn tables_are_watched_as_kubectl_does() {
    let trial = Trial::empty().await;
    trial.create("a");
    trial.create("b");
    let request = http::Request::get("/api/v1/pods?watch=true&timeoutSeconds=1")
        .header("accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
        .body(Vec::new())
        .expect("a request");
    let body = trial.client(&trial.token()).request_text(request).await.expect("a watch");
    let lines: Vec<Value> =
        body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let tables: Vec<(&Value, &Value)> = lines
        .iter()
        .map(|line| (&line["object"]["kind"], &line["object"]["rows"][0]["cells"][0]))
        .collect();
    assert_eq!(tables, [(&"Table".into(), &"a".into()), (&"Table".into(), &"b".into())]);
    // The columns are told once.
    assert!(lines[0]["object"]["columnDefinitions"].is_array());
    assert!(lines[1]["object"]["columnDefinitions"].is_null());
    trial.sandbox.stop().await;
}

/// `kubectl get pods --watch` prints a line for each change, and ends with the watch.
#[tokio::test]
async fn kubectl_watches() {
    let trial = Trial::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), trial.sandbox.ca_pem()).expect("a file");
    let config = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {
            "server": trial.sandbox.kubernetes_url(), "certificate-authority": "ca.pem",
        }}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
        "users": [{"name": "c", "user": {"token": trial.token().value}}],
    });
    let path = folder.path().join("kubeconfig");
    std::fs::write(&path, config.to_string()).expect("a file");
    trial.create("a");
    let mut command = Command::new("kubectl");
    command.env("HOME", folder.path()).arg("--kubeconfig").arg(path);
    command.args(["get", "pods", "--watch", "--output-watch-events"]);
    let spawned = command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true).spawn();
    let Ok(mut kubectl) = spawned else {
        eprintln!("skipped: there is no kubectl on PATH");
        return;
    };
    let mut lines = BufReader::new(kubectl.stdout.take().expect("a pipe")).lines();
    let mut next = async || {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("a line").expect("a pipe");
        line.map(|line| line.split_whitespace().take(4).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(next().await.as_deref(), Some("EVENT NAME READY STATUS"));
    assert_eq!(next().await.as_deref(), Some("ADDED a 1/1 Running"));
    trial.create("b");
    assert_eq!(next().await.as_deref(), Some("ADDED b 1/1 Running"));
    trial.delete("a");
    assert_eq!(next().await.as_deref(), Some("DELETED a 1/1 Running"));
    trial.sandbox.stop().await;
    assert_eq!(next().await, None);
    let status = timeout(PATIENCE, kubectl.wait()).await.expect("it ends").expect("a status");
    assert!(status.success(), "{status}");
}
