//! The way to the cluster.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use eks_token_host::proxy::{HostName, ListenAddress, PathPrefix, Proxy, ProxyOptions, Rules};

use super::api_server;
use super::certificates::Authority;
use super::client::{ask, ask_as_is, get};
use super::trial::{Source, Trial, listener, route, server};
use super::upstream::Upstream;
use eks_token_host::kube::{CertificateAuthority, ProxySettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

#[tokio::test]
async fn connections_are_used_again() {
    let trial = Trial::open().await;
    for _ in 0..10 {
        assert_eq!(get(trial.address, "/api", &[]).await.status, 200);
        assert_eq!(ask(trial.address, "POST", "/api", &[], "{}").await.status, 200);
    }
    assert_eq!(trial.upstream.state.connections.load(SeqCst), 1);
}

#[tokio::test]
async fn looks_for_a_cluster_that_has_moved() {
    let trial = Trial::start().await;
    let elsewhere = Upstream::start().await;
    trial.source.server.lock().expect("no panic").url =
        "https://127.0.0.1:1".try_into().expect("a URL");
    let answer = get(trial.address, "/api", &[]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.message().contains("connection was refused"), "{}", answer.message());
    *trial.source.server.lock().expect("no panic") = server(&elsewhere);
    // It has only just been looked for.
    assert_eq!(get(trial.address, "/api", &[]).await.status, 502);
    assert_eq!(trial.source.located.load(SeqCst), 1);
    trial.source.clock.fetch_add(10, SeqCst);
    assert_eq!(get(trial.address, "/api", &[]).await.status, 200);
    assert_eq!(trial.source.located.load(SeqCst), 2);
    assert_eq!(elsewhere.seen().len(), 1);
}

#[tokio::test]
async fn sends_nothing_to_a_server_that_its_authority_did_not_sign() {
    let trial = Trial::start().await;
    let stranger = Upstream::start().await;
    {
        let mut server = trial.source.server.lock().expect("no panic");
        server.url = stranger.url().as_str().try_into().expect("a URL");
    }
    let answer = get(trial.address, "/api", &[]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.message().contains("not signed by"), "{}", answer.message());
    assert!(stranger.seen().is_empty());
}

#[tokio::test]
async fn checks_the_name_that_it_is_told_to() {
    let trial = Trial::start().await;
    trial.source.server.lock().expect("no panic").tls_server_name =
        Some("other.example".to_owned());
    let answer = get(trial.address, "/api", &[]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.message().contains("for another host"), "{}", answer.message());
}

#[tokio::test]
async fn a_server_may_have_a_path() {
    let trial = Trial::start().await;
    let url = format!("{}/k8s/clusters/c-1/", trial.upstream.url());
    trial.source.server.lock().expect("no panic").url = url.as_str().try_into().expect("a URL");
    get(trial.address, "/api/v1/pods?limit=1", &[]).await;
    assert_eq!(trial.upstream.seen()[0].target, "/k8s/clusters/c-1/api/v1/pods?limit=1");
}

#[tokio::test]
async fn clusters_are_told_apart_by_host_path_and_port() {
    let upstreams = [Upstream::start().await, Upstream::start().await, Upstream::start().await];
    let sources: Vec<_> = upstreams.iter().map(Source::of).collect();
    let mut by_host = route(sources[0].cluster("by-host"), Rules::reading());
    by_host.host = Some(HostName::try_from("dev.localhost").expect("a host"));
    let mut by_path = route(sources[1].cluster("by-path"), Rules::reading());
    by_path.path = PathPrefix::try_from("/c/dev").expect("a path");
    let mut first = listener(by_host);
    first.routes.push(by_path);
    let second = listener(route(sources[2].cluster("by-port"), Rules::reading()));
    let options = ProxyOptions { listeners: vec![first, second], metrics: None };
    let proxy = Proxy::start(options).await.expect("it starts");
    let addresses = proxy.addresses().await;
    let [ListenAddress::Tcp(first), ListenAddress::Tcp(second)] = addresses[..] else {
        panic!("{addresses:?}")
    };
    let host = format!("Host: dev.localhost:{}", first.port());
    assert_eq!(ask_as_is(first, "GET", "/api/by-host", &[&host], "").await.status, 200);
    assert_eq!(get(first, "/c/dev/api/by-path?a=b", &[]).await.status, 200);
    assert_eq!(get(first, "/c/development/api", &[]).await.status, 404);
    // A way into a container is one behind a prefix, too.
    let exec = "/c/dev/api/v1/namespaces/n/pods/p/exec";
    assert_eq!(get(first, exec, &[]).await.status, 403);
    assert_eq!(get(second, "/api/by-port", &[]).await.status, 200);
    let targets =
        upstreams.map(|it| it.seen().iter().map(|it| it.target.clone()).collect::<Vec<_>>());
    assert_eq!(targets, [vec!["/api/by-host"], vec!["/api/by-path?a=b"], vec!["/api/by-port"]]);
}

#[tokio::test]
async fn goes_through_the_proxy_of_https_proxy() {
    let trial = Trial::start().await;
    let way_out = api_server::Proxy::start(trial.upstream.address.port(), "200 OK");
    let settings = |url: String| ProxySettings { https_proxy: Some(url), no_proxy: None };
    let url = way_out.url().replace("http://", "http://user:word@");
    trial.source.server.lock().expect("no panic").proxy = settings(url);
    assert_eq!(get(trial.address, "/api", &[]).await.status, 200);
    let connects = way_out.connects();
    let expected = format!("CONNECT {} ", trial.upstream.address);
    assert!(connects[0].starts_with(&expected), "{connects:?}");
    assert!(connects[0].to_lowercase().contains("proxy-authorization: basic dxnlcjp3b3jk"));
    assert!(!connects[0].contains("token-0"), "{connects:?}");
    let trial = Trial::start().await;
    let closed = api_server::Proxy::start(1, "403 Forbidden");
    trial.source.server.lock().expect("no panic").proxy = settings(closed.url());
    let answer = get(trial.address, "/api", &[]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.message().contains("HTTPS_PROXY"), "{}", answer.message());
}

/// Servers close connections that nobody uses, and say nothing of it.
#[tokio::test]
async fn a_connection_that_the_server_has_closed_is_replaced() {
    let trial = Trial::open().await;
    let authority = Authority::new();
    let config = authority.server("127.0.0.1").server_config();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut stream = acceptor.accept(stream).await.expect("a handshake");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.expect("a request"));
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
            stream.write_all(answer).await.expect("it is sent");
            stream.shutdown().await.expect("it is closed");
        }
    });
    {
        let mut server = trial.source.server.lock().expect("no panic");
        server.url = url.as_str().try_into().expect("a URL");
        let pem = authority.pem();
        server.certificate_authority =
            CertificateAuthority::try_from(pem.as_bytes()).expect("an authority");
    }
    for _ in 0..20 {
        assert_eq!(get(trial.address, "/api", &[]).await.status, 200);
    }
}
