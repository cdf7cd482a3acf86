//! A large upload passes, and is never held.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::Request;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::process::{Process, before, peak_memory};
use super::upstream::Upstream;

const MIB: u64 = 1024 * 1024;

async fn upload(process: &Process, mebibytes: u64) {
    let stream = TokioIo::new(TcpStream::connect(process.address).await.expect("it listens"));
    let (mut sender, connection) = http1::handshake(stream).await.expect("HTTP/1.1");
    tokio::spawn(connection);
    let block = Bytes::from(vec![b'x'; 1024 * 1024]);
    let frames = (0..mebibytes).map(move |_| Ok::<_, Infallible>(Frame::data(block.clone())));
    let request = Request::post("/upload")
        .header("host", process.address.to_string())
        .header("content-length", mebibytes * MIB)
        .body(StreamBody::new(stream::iter(frames)))
        .expect("a request");
    let answer = sender.send_request(request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = answer.into_body().collect().await.expect("a body").to_bytes();
    let text = String::from_utf8(text.to_vec()).expect("text");
    assert!(text.contains(&format!("\"length\":{}", mebibytes * MIB)), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn does_not_grow_with_an_upload_of_200_mb() {
    let upstream = Upstream::start().await;
    let home = tempfile::tempdir().expect("a folder");
    let mut command = before(&upstream, home.path());
    command.args(["--allow", "POST /upload"]);
    let process = Process::start(command);
    upload(&process, 1).await;
    let before = process.peak_memory();
    upload(&process, 200).await;
    let grown = process.peak_memory() - before;
    println!("{} KiB more for 200 MiB", grown / 1024);
    assert!(grown <= 16 * MIB, "{grown} bytes more");
}

/// The negative control: the same look at a process that holds as much.
#[test]
fn what_is_held_is_seen() {
    let before = peak_memory("self");
    let held = std::hint::black_box(vec![1_u8; 200 * 1024 * 1024]);
    let grown = peak_memory("self") - before;
    assert!(grown > 100 * MIB, "{grown}");
    drop(held);
}
