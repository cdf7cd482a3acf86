//! The command: what it says, how it ends, and what it does when it is told something.

use std::fs;
use std::process::Command;

use nix::sys::signal::Signal;
use tempfile::TempDir;

use super::certificates::{Authority, Pair};
use super::client::{ask, begin, exchange, get};
use super::listeners::handshake;
use super::outcome::failure;
use super::process::{Process, alone, before};
use super::upstream::Upstream;

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn refused(command: &mut Command, status: i32) -> String {
    failure(&command.output().expect("it runs"), status)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_told_to_end() {
    let (upstream, home) = (Upstream::start().await, home());
    let mut process = Process::start(before(&upstream, home.path()));
    assert_eq!(get(process.address, "/api", &[]).await.status, 200);
    process.signal(Signal::SIGTERM);
    assert_eq!(process.wait().code(), Some(0));
    let mut process = Process::start(before(&upstream, home.path()));
    let head = "GET /watched HTTP/1.1\nHost: {host}\n\n";
    let (_stream, answer) = begin(process.address, head).await;
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
    process.signal(Signal::SIGINT);
    process.wait_for("ending");
    // A watch may go on for long.
    process.signal(Signal::SIGINT);
    assert_eq!(process.wait().code(), Some(130), "{:#?}", process.said);
    let mut command = before(&upstream, home.path());
    command.args(["--drain", "0"]);
    let mut process = Process::start(command);
    let (_stream, _) = begin(process.address, head).await;
    process.signal(Signal::SIGTERM);
    assert_eq!(process.wait().code(), Some(0));
    assert!(process.said.iter().any(|line| line.contains("cut off")), "{:#?}", process.said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_its_configuration_again() {
    let (upstream, home) = (Upstream::start().await, home());
    fs::write(home.path().join("ca.pem"), &upstream.authority).expect("a file");
    let path = home.path().join("proxy.yaml");
    let config = |rest: &str| {
        format!(
            "listen: 127.0.0.1:0\nclusters:\n- name: made-up\n  region: eu-central-1\n  \
             server: {}\n  certificate-authority: {}\n{rest}",
            upstream.url(),
            home.path().join("ca.pem").display(),
        )
    };
    fs::write(&path, config("")).expect("a file");
    let mut command = alone(home.path());
    command.arg("--config").arg(&path);
    let mut process = Process::start(command);
    let address = process.address;
    assert_eq!(ask(address, "POST", "/api", &[], "{}").await.status, 403);
    fs::write(&path, config("  allow: [{methods: [POST], paths: [/api]}]\n")).expect("a file");
    process.signal(Signal::SIGHUP);
    process.wait_for("reloaded");
    assert_eq!(ask(address, "POST", "/api", &[], "{}").await.status, 200);
    assert_eq!(get(address, "/api", &[]).await.status, 403);
    fs::write(&path, config("  allow: [{methods: [geheim], paths: [/api]}]\n")).expect("a file");
    process.signal(Signal::SIGHUP);
    let line = process.wait_for("not reloaded");
    assert!(line.contains("clusters[0].allow[0].methods[0]: must be one of"), "{line}");
    assert!(!line.contains("geheim"), "{line}");
    assert_eq!(ask(address, "POST", "/api", &[], "{}").await.status, 200, "the old one holds");
}

/// Certificates are renewed while the proxy runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_its_certificates_again() {
    let (upstream, home) = (Upstream::start().await, home());
    let (first, second, clients) = (Authority::new(), Authority::new(), Authority::new());
    let file = |name: &str| home.path().join(name);
    let write = |Pair { certificate, key }: Pair| {
        fs::write(file("certificate.pem"), certificate).expect("a file");
        fs::write(file("key.pem"), key).expect("a file");
    };
    write(first.server("127.0.0.1"));
    fs::write(file("clients.pem"), clients.pem()).expect("a file");
    let mut command = before(&upstream, home.path());
    command.arg("--tls-certificate").arg(file("certificate.pem"));
    command.arg("--tls-key").arg(file("key.pem")).arg("--client-ca").arg(file("clients.pem"));
    let mut process = Process::start(command);
    let (port, own) = (process.address.port(), clients.client("ci"));
    let host = format!("Host: {}", process.address);
    let ask = async |authority: &Authority| {
        let stream = handshake(port, authority, Some(&own), "http/1.1").await?;
        std::io::Result::Ok(exchange(stream, "GET", "/api", &[&host], "").await.status)
    };
    assert_eq!(ask(&first).await.expect("a handshake"), 200);
    write(second.server("127.0.0.1"));
    process.signal(Signal::SIGHUP);
    process.wait_for("reloaded");
    assert_eq!(ask(&second).await.expect("a handshake"), 200);
    ask(&first).await.expect_err("it has another certificate now");
    fs::write(file("key.pem"), "geheim").expect("a file");
    process.signal(Signal::SIGHUP);
    assert!(process.wait_for("not reloaded").contains("the TLS key"));
    assert_eq!(ask(&second).await.expect("a handshake"), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_what_passes_and_no_secret() {
    let (upstream, home) = (Upstream::start().await, home());
    let mut command = before(&upstream, home.path());
    command.args(["-vvv", "--metrics-listen", "127.0.0.1:0"]);
    let mut process = Process::start(command);
    let page = process.wait_for("metrics on");
    let line = ["Authorization: Bearer geheim"];
    assert_eq!(get(process.address, "/api?token=geheim", &line).await.status, 200);
    assert_eq!(ask(process.address, "POST", "/api", &[], "{}").await.status, 403);
    let page = page.split("://").nth(1).and_then(|rest| rest.strip_suffix("/metrics"));
    let page = page.expect("an address").parse().expect("an address");
    let metrics = get(page, "/metrics", &[]).await;
    assert!(metrics.head.contains("application/openmetrics-text"), "{}", metrics.head);
    for line in [
        "eks_token_proxy_requests_total{cluster=\"made-up\",method=\"GET\",code=\"200\"} 1",
        "eks_token_proxy_refusals_total{reason=\"rules\"} 1",
        "eks_token_proxy_tokens_total{cluster=\"made-up\"} 1",
        "eks_token_proxy_response_seconds_count{cluster=\"made-up\"} 1",
    ] {
        assert!(metrics.body.contains(line), "{line}: {}", metrics.body);
    }
    assert_eq!(get(page, "/other", &[]).await.status, 404);
    assert_eq!(get(page, "/metrics", &["Origin: http://evil.example"]).await.status, 403);
    process.signal(Signal::SIGTERM);
    process.wait();
    let log = process.said.join("\n");
    assert!(log.contains("path=\"/api\"") && log.contains("status=200"), "{log}");
    for secret in ["geheim", "wJalrXUtnFEMI", "k8s-aws-v1.", "X-Amz-Signature"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_credentials_it_starts_and_says_what_is_wrong() {
    let (upstream, home) = (Upstream::start().await, home());
    let mut command = before(&upstream, home.path());
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let mut process = Process::start(command);
    let line = process.wait_for("warning: ");
    assert!(line.contains("cluster made-up") && line.contains("503"), "{line}");
    let answer = get(process.address, "/api", &[]).await;
    assert_eq!(answer.status, 503);
    assert!(answer.message().contains("credentials"), "{}", answer.message());
    assert!(upstream.seen().is_empty());
}

#[tokio::test]
async fn what_is_open_to_all_does_not_start() {
    let (upstream, home) = (Upstream::start().await, home());
    let with = |more: &[&str], status| {
        let mut command = before(&upstream, home.path());
        // The last one counts.
        command.args(more);
        refused(&mut command, status)
    };
    assert!(with(&["--interactive", "ssh"], 2).contains("exec, attach"));
    assert!(with(&["--allow", "GET"], 2).contains("METHODS PATH"));
    assert!(with(&["--allow", "CONNECT /api"], 2).contains("methods must be of"));
    assert!(with(&["--allow-origin", "evil.example"], 2).contains("an origin"));
    assert!(with(&["--accept-host", "http://a"], 2).contains("a host"));
    assert!(with(&["--tls-certificate", "a.pem"], 2).contains("--tls-key"));
    assert!(with(&["--config", "a.yaml"], 2).contains("--config"));
    let at = |address: &str, status| {
        let mut command = alone(home.path());
        command.args(["--cluster-name", "c", "--region", "eu-central-1", "--listen", address]);
        refused(&mut command, status)
    };
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8001"] {
        let line = at(address, 2);
        assert!(line.contains("--client-ca") && line.contains("identity"), "{line}");
    }
    assert!(at("8001", 2).contains("IP:PORT"));
    assert!(at("unix:a.sock", 2).contains("absolute"));
    assert!(at(&upstream.address.to_string(), 1).contains("cannot listen on"));
    assert!(refused(&mut alone(home.path()), 2).contains("--cluster-name"));
}
