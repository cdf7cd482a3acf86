//! Bodies pass as they come, over HTTP/1.1 and HTTP/2.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::Request;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody, combinators::BoxBody};
use hyper::body::Frame;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::PATIENCE;
use super::trial::Trial;

type Body = BoxBody<Bytes, Infallible>;

#[tokio::test]
async fn an_event_of_a_watch_comes_at_once() {
    let trial = Trial::start().await;
    let stream = TokioIo::new(TcpStream::connect(trial.address).await.expect("it listens"));
    let (mut sender, connection) = http1::handshake(stream).await.expect("HTTP/1.1");
    tokio::spawn(connection);
    let request = Request::get("/watched")
        .header("host", trial.address.to_string())
        .body(Empty::<Bytes>::new())
        .expect("a request");
    let mut answer = sender.send_request(request).await.expect("an answer");
    for line in ["{\"type\":\"ADDED\"}\n", "{\"type\":\"DELETED\"}\n"] {
        trial.upstream.event(line);
        // Nothing else is sent until this has come.
        let frame = timeout(PATIENCE, answer.frame()).await.expect("it comes at once");
        let data = frame.expect("a frame").expect("no error").into_data().expect("data");
        assert_eq!(data, line);
    }
    trial.upstream.end_watch();
    assert!(timeout(PATIENCE, answer.frame()).await.expect("it ends").is_none());
}

#[tokio::test]
async fn a_watch_that_nobody_reads_ends_at_the_cluster() {
    let trial = Trial::start().await;
    let head = "GET /watched HTTP/1.1\nHost: {host}\n\n";
    let (stream, answer) = super::client::begin(trial.address, head).await;
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
    trial.upstream.event("{}\n");
    drop(stream);
    let closed = || trial.upstream.is_watch_closed();
    super::client::until(closed).await;
}

#[tokio::test]
async fn speaks_http2_without_tls() {
    let trial = Trial::open().await;
    let stream = TokioIo::new(TcpStream::connect(trial.address).await.expect("it listens"));
    let (sender, connection) =
        http2::handshake::<_, _, Body>(TokioExecutor::new(), stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    let asking = (0..20).map(|number| {
        let mut sender = sender.clone();
        let uri = format!("http://{}/slow?{number}", trial.address);
        let request = Request::get(uri).body(Empty::new().boxed()).expect("a request");
        tokio::spawn(async move { sender.send_request(request).await.expect("an answer").status() })
    });
    for answer in asking.collect::<Vec<_>>() {
        assert_eq!(answer.await.expect("no panic"), 200);
    }
    assert_eq!(trial.upstream.seen().len(), 20);
    let foreign = Request::get("http://evil.example/api").body(Empty::new().boxed());
    let answer = sender.clone().send_request(foreign.expect("a request")).await;
    assert_eq!(answer.expect("an answer").status(), 403);
    // A body whose length nobody knows beforehand.
    let frames = (0..64).map(|_| Ok(Frame::data(Bytes::from(vec![b'x'; 16 * 1024]))));
    let body = StreamBody::new(stream::iter(frames)).boxed();
    let uri = format!("http://{}/upload", trial.address);
    let request = Request::post(uri).body(body).expect("a request");
    let answer = sender.clone().send_request(request).await.expect("an answer");
    let text = answer.into_body().collect().await.expect("a body").to_bytes();
    let text = String::from_utf8(text.to_vec()).expect("text");
    assert!(text.contains("\"length\":1048576"), "{text}");
}

/// Some clients ask first, and wait.
#[tokio::test]
async fn a_client_that_waits_for_100_is_told_to_go_on() {
    let trial = Trial::open().await;
    let head = "POST /upload HTTP/1.1\nHost: {host}\nExpect: 100-continue\nContent-Length: 3\n\n";
    let (stream, answer) = super::client::begin(trial.address, head).await;
    assert!(answer.starts_with("http/1.1 100 "), "{answer}");
    drop(stream);
}

#[tokio::test]
async fn the_answer_to_head_has_no_body_and_the_connection_goes_on() {
    let trial = Trial::start().await;
    let stream = TokioIo::new(TcpStream::connect(trial.address).await.expect("it listens"));
    let (mut sender, connection) = http1::handshake(stream).await.expect("HTTP/1.1");
    tokio::spawn(connection);
    for method in ["HEAD", "GET", "HEAD", "GET"] {
        let request = Request::builder()
            .method(method)
            .uri("/api")
            .header("host", trial.address.to_string())
            .body(Full::<Bytes>::default())
            .expect("a request");
        sender.ready().await.expect("it is open");
        let answer = sender.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(body.is_empty(), method == "HEAD");
    }
}
