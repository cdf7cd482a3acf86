//! What `eks-token pods` makes of the answers of a server, and of none.
#![cfg(feature = "cli")]
#![allow(missing_docs, reason = "a test")]

#[path = "common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;
#[path = "common/outcome.rs"]
mod outcome;

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use api_server::{Answer, ApiServer, Proxy, Request};
use outcome::{failure, stderr, success};
use serde_json::{Value, json};

/// `eks-token pods` against `server`, with nothing around it.
struct Client {
    home: tempfile::TempDir,
    server: String,
}

impl Client {
    fn of(server: &ApiServer) -> Self {
        Self::new(&server.url(), server.authority())
    }

    fn new(server: &str, authority: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("ca.crt"), authority).expect("a file");
        Self { home, server: server.to_owned() }
    }

    fn pods(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eks-token"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "geheim")
            .args(["pods", "--cluster-name", "dev", "--region", "eu-west-1"])
            .args(["--server", &self.server, "--certificate-authority"])
            .arg(self.home.path().join("ca.crt"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.pods(arguments).output().expect("it runs")
    }
}

fn pod(number: usize) -> Value {
    json!({
        "metadata": {"name": format!("pod-{number}"), "namespace": "default"},
        "spec": {"containers": [{"name": "c", "image": "i"}]},
        "status": {"phase": "Running"},
    })
}

fn list(pods: &[Value], next: &str, remaining: Option<usize>) -> Answer {
    Answer::json(&json!({
        "kind": "PodList", "apiVersion": "v1", "items": pods,
        "metadata": {"resourceVersion": "7", "continue": next, "remainingItemCount": remaining},
    }))
}

fn table(rows: &[Value]) -> Answer {
    Answer::json(&json!({
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "7"},
        "columnDefinitions": [
            {"name": "Name", "type": "string", "priority": 0},
            {"name": "Ready", "type": "string", "priority": 0},
            {"name": "Restarts", "type": "integer", "priority": 0},
            {"name": "IP", "type": "string", "priority": 1},
        ],
        "rows": rows,
    }))
}

fn row(namespace: &str, name: &str) -> Value {
    json!({
        "cells": [name, "1/1", 0, "10.0.0.1"],
        "object": {"kind": "PartialObjectMetadata", "metadata": {"name": name, "namespace": namespace}},
    })
}

const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

#[test]
fn prints_the_servers_table() {
    let server =
        ApiServer::start(&NAMES, |_, _| table(&[row("a", "web"), row("kube-system", "db")]));
    let client = Client::of(&server);
    let output = client.run(&[]);
    assert_eq!(success(&output), "NAME   READY   RESTARTS\nweb    1/1     0\ndb     1/1     0\n");
    assert_eq!(stderr(&output), "2 pods\n");
    assert_eq!(
        success(&client.run(&["-A", "-o", "wide"])),
        "NAMESPACE     NAME   READY   RESTARTS   IP\n\
         a             web    1/1     0          10.0.0.1\n\
         kube-system   db     1/1     0          10.0.0.1\n"
    );
    let [one, all] = &server.requests()[..] else { panic!("two requests") };
    assert_eq!(one.target, "/api/v1/namespaces/default/pods?&limit=500");
    assert_eq!(all.target, "/api/v1/pods?&limit=500");
    let has = |request: &Request, line: &str| request.headers.iter().any(|h| h.starts_with(line));
    assert!(has(one, "accept: application/json;as=table;v=v1;g=meta.k8s.io,application/json"));
    assert!(has(one, "authorization: bearer k8s-aws-v1."));
}

#[test]
fn says_that_there_are_none() {
    let server = ApiServer::start(&NAMES, |_, _| table(&[]));
    let client = Client::of(&server);
    let output = client.run(&["-n", "empty"]);
    assert_eq!(success(&output), "");
    assert_eq!(stderr(&output), "No resources found in empty namespace.\n");
    assert_eq!(stderr(&client.run(&["-A"])), "No resources found\n");
}

#[test]
fn prints_objects() {
    let server = ApiServer::start(&NAMES, |_, _| list(&[pod(1), pod(2)], "", None));
    let client = Client::of(&server);
    assert_eq!(success(&client.run(&["-o", "name"])), "pod/pod-1\npod/pod-2\n");
    let text = success(&client.run(&["-o", "json"]));
    assert!(
        text.starts_with("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {\n"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["kind"], "List");
    assert_eq!(json["metadata"], json!({"resourceVersion": ""}));
    assert_eq!(json["items"][1]["kind"], "Pod");
    assert_eq!(json["items"][1]["apiVersion"], "v1");
    let text = success(&client.run(&["-o", "yaml"]));
    assert!(text.starts_with("apiVersion: v1\nitems:\n- apiVersion: v1\n"), "{text}");
    let yaml: Value = serde_saphyr::from_str(&text).expect("YAML");
    assert_eq!(yaml, json);
    // A server that cannot make tables.
    assert!(success(&client.run(&[])).starts_with("NAME    CREATED AT\npod-1"));
}

#[test]
fn passes_the_selector_on() {
    let server = ApiServer::start(&NAMES, |_, _| list(&[], "", None));
    let client = Client::of(&server);
    success(&client.run(&["-o", "json", "-l", "app=web,tier!=cache", "-n", "x"]));
    assert_eq!(
        server.requests()[0].target,
        "/api/v1/namespaces/x/pods?&labelSelector=app%3Dweb%2Ctier%21%3Dcache&limit=500"
    );
}

/// Three pages of two; `answer` may step in, knowing how many requests there have been.
fn pages(request: &Request, count: usize, gone: impl Fn(usize) -> bool) -> Answer {
    if gone(count) {
        return Answer::status("410 Gone", "The provided continue parameter is too old");
    }
    if !request.target.contains("limit=") {
        return list(&(1..=6).map(pod).collect::<Vec<_>>(), "", None);
    }
    match request.target.split("continue=").nth(1) {
        None => list(&[pod(1), pod(2)], "two", Some(4)),
        Some("two") => list(&[pod(3), pod(4)], "three", Some(2)),
        _ => list(&[pod(5), pod(6)], "", None),
    }
}

#[test]
fn follows_the_pages() {
    let all = "pod/pod-1\npod/pod-2\npod/pod-3\npod/pod-4\npod/pod-5\npod/pod-6\n";
    let server = ApiServer::start(&NAMES, |request, count| pages(request, count, |_| false));
    let output = Client::of(&server).run(&["-o", "name"]);
    assert_eq!(success(&output), all);
    assert_eq!(stderr(&output), "6 pods\n");
    assert_eq!(server.requests().len(), 3);
    // A continuation expires: from the start.
    let server = ApiServer::start(&NAMES, |request, count| pages(request, count, |n| n == 3));
    assert_eq!(success(&Client::of(&server).run(&["-o", "name"])), all);
    assert_eq!(server.requests().len(), 6);
    // Every one of them does: all at once.
    let server = ApiServer::start(&NAMES, |request, count| pages(request, count, |n| n % 2 == 0));
    assert_eq!(success(&Client::of(&server).run(&["-o", "name"])), all);
    assert_eq!(server.requests().len(), 7);
}

#[test]
fn tells_refusals_apart() {
    for (status, message, reason) in [
        ("401 Unauthorized", "Unauthorized", "401 Unauthorized"),
        (
            "403 Forbidden",
            "pods is forbidden: User \"dev\" cannot list\nresource \"pods\"",
            "pods is forbidden: User \"dev\" cannot list resource \"pods\"",
        ),
        ("400 Bad Request", "unable to parse requirement", "400: unable to parse requirement"),
        ("500 Internal Server Error", "etcd", "500: etcd"),
    ] {
        let server = ApiServer::start(&NAMES, move |_, _| Answer::status(status, message));
        let line = failure(&Client::of(&server).run(&[]), 1);
        assert!(line.contains(reason), "{line}");
    }
    let page = || Answer { status: "200 OK", headers: String::new(), body: "<html>".to_owned() };
    let server = ApiServer::start(&NAMES, move |_, _| page());
    assert!(failure(&Client::of(&server).run(&[]), 1).contains("not of the Kubernetes API"));
}

#[test]
fn tries_again_where_a_server_is_busy() {
    let server = ApiServer::start(&NAMES, |_, count| match count {
        1 => Answer::status("503 Service Unavailable", "starting"),
        2 => Answer::status("429 Too Many Requests", "slow down"),
        _ => list(&[pod(1)], "", None),
    });
    let output = Client::of(&server).run(&["-o", "name"]);
    assert_eq!(success(&output), "pod/pod-1\n");
    assert_eq!(stderr(&output), "1 pod\n");
}

#[test]
fn carries_no_token_behind_a_redirect() {
    let other = ApiServer::start(&NAMES, |_, _| table(&[]));
    let location = format!("location: {}/\r\n", other.url());
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"] {
        let headers = location.clone();
        let server = ApiServer::start(&NAMES, move |_, _| Answer {
            status,
            headers: headers.clone(),
            body: String::new(),
        });
        assert!(failure(&Client::of(&server).run(&[]), 1).contains("redirect"));
    }
    assert!(other.requests().is_empty());
}

#[test]
fn sends_nothing_to_a_server_that_it_does_not_trust() {
    let server = ApiServer::start(&NAMES, |_, _| table(&[]));
    let other = ApiServer::start(&NAMES, |_, _| table(&[]));
    let line = failure(&Client::new(&server.url(), other.authority()).run(&[]), 1);
    assert!(line.contains("not signed by the expected certificate authority"), "{line}");
    let misnamed = ApiServer::start(&["eks.example"], |_, _| table(&[]));
    let line = failure(&Client::of(&misnamed).run(&[]), 1);
    assert!(line.contains("for another host"), "{line}");
    assert!(server.requests().is_empty() && misnamed.requests().is_empty());
    for (text, reason) in [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\n", "CA")] {
        let output = Client::new(&server.url(), text).run(&[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
}

#[test]
fn tells_faults_of_the_network_apart() {
    let server = ApiServer::start(&NAMES, |_, _| table(&[]));
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let at = |url: &str| failure(&Client::new(url, server.authority()).run(&[]), 1);
    assert!(at(&format!("https://127.0.0.1:{port}")).contains("connection was refused"));
    assert!(at("https://nowhere.invalid").contains("name could not be resolved"));
    // Something that speaks no TLS.
    let plain = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = plain.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        use std::io::Write as _;
        for mut stream in plain.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let line = at(&format!("https://127.0.0.1:{port}"));
    assert!(line.contains("TLS failed") || line.contains("closed the connection"), "{line}");
}

#[test]
fn gives_up_in_time() {
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let server = ApiServer::start(&NAMES, |_, _| table(&[]));
    let begun = Instant::now();
    let url = format!("https://127.0.0.1:{port}");
    let line = failure(&Client::new(&url, server.authority()).run(&[]), 1);
    assert!(line.contains("did not answer in time"), "{line}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    drop(silent);
}

#[test]
fn goes_through_the_proxy() {
    let server = ApiServer::start(&["cluster.example"], |_, _| table(&[row("a", "web")]));
    // Only the proxy knows the way to that name.
    let client = Client::new("https://cluster.example", server.authority());
    let proxy = Proxy::start(server.port(), "200 OK");
    let through =
        |proxy: &str| client.pods(&[]).env("HTTPS_PROXY", proxy).output().expect("it runs");
    success(&through(&proxy.url()));
    let with_password = proxy.url().replace("http://", "http://user:geheim@");
    success(&through(&with_password));
    let [plain, authorized] = &proxy.connects()[..] else { panic!("two tunnels") };
    assert!(plain.starts_with("CONNECT cluster.example:443 "), "{plain}");
    assert!(authorized.to_lowercase().contains("proxy-authorization: basic dxnlcjpnzwhlaw0="));
    // The proxy sees no more than the name.
    assert!(!plain.contains("k8s-aws-v1"));

    let exempt = client
        .pods(&[])
        .env("HTTPS_PROXY", proxy.url())
        .env("NO_PROXY", "other.example,.example")
        .output()
        .expect("it runs");
    assert!(failure(&exempt, 1).contains("name could not be resolved"));
    assert_eq!(proxy.connects().len(), 2);
}

#[test]
fn blames_the_proxy() {
    let server = ApiServer::start(&["cluster.example"], |_, _| table(&[]));
    let client = Client::new("https://cluster.example", server.authority());
    let through =
        |proxy: &str| client.pods(&[]).env("HTTPS_PROXY", proxy).output().expect("it runs");
    for (status, reason) in [
        ("407 Proxy Authentication Required", "user name and password"),
        ("403 Forbidden", "refused"),
    ] {
        let line = failure(&through(&Proxy::start(server.port(), status).url()), 1);
        assert!(line.contains("proxy of HTTPS_PROXY") && line.contains(reason), "{line}");
    }
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://user:geheim@{}", free.local_addr().expect("an address"));
    drop(free);
    let line = failure(&through(&url), 1);
    assert!(line.contains("proxy of HTTPS_PROXY") && line.contains("refused"), "{line}");
    let output = through("ftp://user:geheim@proxy");
    assert_eq!(output.status.code(), Some(2));
    assert!(!stderr(&output).contains("geheim"));
}

#[test]
fn stops_at_an_interrupt() {
    let server = ApiServer::start(&NAMES, |_, _| {
        std::thread::sleep(Duration::from_secs(30));
        table(&[])
    });
    let client = Client::of(&server);
    let child =
        client.pods(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begun = Instant::now();
    while server.requests().is_empty() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let interrupted = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(interrupted.expect("it runs").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty());
    assert_eq!(stderr(&output), "error: interrupted\n");
}
