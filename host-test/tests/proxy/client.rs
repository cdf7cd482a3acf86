//! Requests as they stand on the wire.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Nothing here takes nearly as long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Of a `Status`.
    pub(crate) fn message(&self) -> String {
        let status: Value = serde_json::from_str(&self.body).expect(&self.body);
        assert_eq!(status["kind"], "Status");
        assert_eq!(status["code"], self.status);
        status["message"].as_str().expect("a text").to_owned()
    }
}

/// GET with these lines beside `Host`.
pub(crate) async fn get(address: SocketAddr, path: &str, lines: &[&str]) -> Answer {
    ask(address, "GET", path, lines, "").await
}

/// A request, on a connection of its own, with `Host` as it should be.
pub(crate) async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    lines: &[&str],
    body: &str,
) -> Answer {
    let host = format!("Host: {address}");
    let lines: Vec<&str> = [host.as_str()].into_iter().chain(lines.iter().copied()).collect();
    ask_as_is(address, method, path, &lines, body).await
}

/// The same without `Host`.
pub(crate) async fn ask_as_is(
    address: SocketAddr,
    method: &str,
    path: &str,
    lines: &[&str],
    body: &str,
) -> Answer {
    let stream = TcpStream::connect(address).await.expect("it listens");
    exchange(stream, method, path, lines, body).await
}

pub(crate) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    method: &str,
    path: &str,
    lines: &[&str],
    body: &str,
) -> Answer {
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    if !body.is_empty() {
        write!(text, "Content-Length: {}\r\n", body.len()).expect("it is written");
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes()).await.expect("it is sent");
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    read.expect("an answer in time").expect("an answer");
    parse(&String::from_utf8(bytes).expect("text"))
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").expect(text);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect(head);
    let head = head.to_lowercase();
    let is_chunked = head.contains("transfer-encoding: chunked");
    let body = if is_chunked { unchunk(body) } else { body.to_owned() };
    Answer { status, head, body }
}

fn unchunk(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        body.push_str(&after[..length]);
        rest = &after[length + 2..];
        if length == 0 {
            break;
        }
    }
    body
}

/// A connection on which a head was sent, and the head of the answer.
pub(crate) async fn begin(address: SocketAddr, head: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let head = head.replace('\n', "\r\n").replace("{host}", &address.to_string());
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let byte = timeout(PATIENCE, stream.read_u8()).await.expect("in time").expect("a head");
        answer.push(byte);
    }
    (stream, String::from_utf8(answer).expect("text").to_lowercase())
}

/// Waits until something holds.
pub(crate) async fn until(mut holds: impl FnMut() -> bool) {
    let waited = timeout(PATIENCE, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.expect("it never came to pass");
}
