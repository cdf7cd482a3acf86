//! Where the proxy listens: a socket of its owner's, TLS with client certificates, and what changes
//! while it runs.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use eks_token_host::proxy::{ListenAddress, Proxy, ProxyError, ProxyOptions, Rules, ServerTls};
use http::{Request, Version};
use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificates::{Authority, Pair};
use super::client::{Answer, exchange, get};
use super::trial::{Source, Trial, listener, route};
use super::upstream::Upstream;

#[tokio::test]
async fn a_unix_socket_is_its_owners_and_goes_with_the_proxy() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("p.sock");
    let address = ListenAddress::Unix(path.clone());
    let trial = Trial::with(|options| options.address = address.clone()).await;
    let mode = std::fs::metadata(&path).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let ask = async |host| {
        let stream = UnixStream::connect(&path).await.expect("it listens");
        exchange(stream, "GET", "/api", &[host], "").await.status
    };
    assert_eq!(ask("Host: localhost").await, 200);
    assert_eq!(ask("Host: evil.example").await, 403);
    let second = listener(route(trial.source.cluster("second"), Rules::reading()));
    let options = ProxyOptions {
        listeners: vec![eks_token_host::proxy::ListenerOptions { address, ..second }],
        metrics: None,
    };
    let error = Proxy::start(options).await.expect_err("it is taken").to_string();
    assert!(error.contains("another program listens there"), "{error}");
    trial.proxy.stop(None).await;
    assert!(!path.exists());
}

fn tls(authority: &Authority, clients: Option<&Authority>) -> ServerTls {
    let Pair { certificate, key } = authority.server("127.0.0.1");
    let clients = clients.map(Authority::pem);
    let clients = clients.as_ref().map(String::as_bytes);
    ServerTls::new(certificate.as_bytes(), key.as_bytes(), clients).expect("TLS")
}

pub(crate) async fn handshake(
    port: u16,
    authority: &Authority,
    own: Option<&Pair>,
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let connector = TlsConnector::from(Arc::new(authority.client_config(own, protocol)));
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    connector.connect(name, stream).await
}

#[tokio::test]
async fn elsewhere_than_on_loopback_only_with_client_certificates() {
    let (servers, clients) = (Authority::new(), Authority::new());
    for tls in [None, Some(tls(&servers, None))] {
        let upstream = Upstream::start().await;
        let mut options = listener(route(Source::of(&upstream).cluster("c"), Rules::reading()));
        options.address = ListenAddress::try_from("0.0.0.0:0").expect("an address");
        options.tls = tls;
        let options = ProxyOptions { listeners: vec![options], metrics: None };
        let error = Proxy::start(options).await.expect_err("it is open to all");
        assert!(matches!(error, ProxyError::Exposed(_)) && error.is_usage(), "{error}");
    }
    let trial = Trial::with(|options| {
        options.address = ListenAddress::try_from("0.0.0.0:0").expect("an address");
        options.tls = Some(tls(&servers, Some(&clients)));
    })
    .await;
    let host = format!("Host: 127.0.0.1:{}", trial.address.port());
    let ask = async |own: Option<&Pair>| -> std::io::Result<Answer> {
        let mut stream = handshake(trial.address.port(), &servers, own, "http/1.1").await?;
        // With TLS 1.3 a client learns only now that it was turned away.
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"").await?;
        let mut byte = [0];
        let turned_away = tokio::time::timeout(
            Duration::from_millis(300),
            tokio::io::AsyncReadExt::read_exact(&mut stream, &mut byte),
        );
        if let Ok(read) = turned_away.await {
            read?;
        }
        Ok(exchange(stream, "GET", "/api", &[&host], "").await)
    };
    let own = clients.client("ci");
    assert_eq!(ask(Some(&own)).await.expect("it is let in").status, 200);
    ask(None).await.expect_err("no certificate");
    ask(Some(&servers.client("ci"))).await.expect_err("a certificate of another authority");
    assert_eq!(trial.upstream.seen().len(), 1);
}

#[tokio::test]
async fn speaks_http2_over_tls() {
    let servers = Authority::new();
    let trial = Trial::with(|options| options.tls = Some(tls(&servers, None))).await;
    let stream = handshake(trial.address.port(), &servers, None, "h2").await.expect("a handshake");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
    tokio::spawn(connection);
    let uri = format!("https://{}/api", trial.address);
    let request = Request::get(uri).body(Empty::<Bytes>::new()).expect("a request");
    let answer = sender.send_request(request).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
}

#[tokio::test]
async fn takes_other_options_and_closes_nothing() {
    let trial = Trial::start().await;
    let address = ListenAddress::try_from("127.0.0.1:0").expect("an address");
    let slow = tokio::spawn({
        let address = trial.address;
        async move { get(address, "/slow", &[]).await.status }
    });
    super::client::until(|| !trial.upstream.seen().is_empty()).await;
    let mut other = listener(route(trial.source.cluster("other"), super::trial::everything()));
    other.address = address;
    let options = ProxyOptions { listeners: vec![other], metrics: None };
    trial.proxy.reload(options).await.expect("it is taken");
    assert_eq!(trial.proxy.addresses().await, [ListenAddress::Tcp(trial.address)]);
    let posted = super::client::ask(trial.address, "POST", "/api", &[], "{}").await;
    assert_eq!(posted.status, 200, "the new rules hold");
    assert_eq!(slow.await.expect("no panic"), 200, "what was under way came to its end");
    // What cannot be had changes nothing.
    let mut taken = listener(route(trial.source.cluster("c"), Rules::reading()));
    taken.address = ListenAddress::Tcp(trial.upstream.address);
    let options = ProxyOptions { listeners: vec![taken], metrics: None };
    trial.proxy.reload(options).await.expect_err("the port is taken");
    let posted = super::client::ask(trial.address, "POST", "/api", &[], "{}").await;
    assert_eq!(posted.status, 200, "the old rules hold");
}

#[tokio::test]
async fn ends_with_what_is_under_way() {
    let trial = Trial::start().await;
    let address = trial.address;
    let slow = tokio::spawn(async move { get(address, "/slow", &[]).await.status });
    super::client::until(|| !trial.upstream.seen().is_empty()).await;
    assert!(trial.proxy.stop(None).await, "all of it came to its end");
    assert_eq!(slow.await.expect("no panic"), 200);
    TcpStream::connect(address).await.expect_err("nobody listens");
}

#[tokio::test]
async fn does_not_wait_for_ever() {
    let trial = Trial::start().await;
    let head = "GET /watched HTTP/1.1\nHost: {host}\n\n";
    let (_stream, answer) = super::client::begin(trial.address, head).await;
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
    assert!(!trial.proxy.stop(Some(Duration::from_millis(50))).await, "a watch goes on");
}
