//! What a caller sends that could say who is asking does not arrive.

use super::client::{ask, get};
use super::trial::Trial;

const SMUGGLED: [&str; 14] = [
    "Authorization: Bearer theirs",
    "Authorization: Bearer theirs-too",
    "Proxy-Authorization: Basic dGhlaXJz",
    "Cookie: session=theirs",
    "Impersonate-User: admin",
    "Impersonate-Group: system:masters",
    "Impersonate-Uid: 1",
    "Impersonate-Extra-Scopes: all",
    "X-Remote-User: admin",
    "X-Remote-Group: system:masters",
    "x_remote_user: admin",
    "X-Forwarded-For: 10.0.0.1",
    "Forwarded: for=10.0.0.1",
    "TE: trailers",
];

#[tokio::test]
async fn nothing_smuggled_arrives() {
    let trial = Trial::start().await;
    let mut lines = SMUGGLED.to_vec();
    lines.extend(["Accept: application/json", "X-Mine: 1", "Connection: X-Hop", "X-Hop: 1"]);
    assert_eq!(get(trial.address, "/api/v1/pods?limit=1", &lines).await.status, 200);
    let seen = &trial.upstream.seen()[0];
    assert_eq!(seen.target, "/api/v1/pods?limit=1");
    let mut names: Vec<_> = seen.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "authorization", "host", "x-mine"]);
    assert_eq!(seen.headers["authorization"], "Bearer token-0");
    assert_eq!(seen.headers["host"], trial.upstream.address.to_string());
}

#[tokio::test]
async fn no_bearer_in_a_handshake_arrives() {
    let trial = Trial::open().await;
    let exec = "/api/v1/namespaces/default/pods/pod/attach";
    let head = format!(
        "GET {exec} HTTP/1.1\nHost: {{host}}\nConnection: Upgrade\nUpgrade: websocket\n\
         Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\
         Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.dGhlaXJz, v5.channel.k8s.io\n\
         Authorization: Bearer theirs\nImpersonate-User: admin\n\n"
    );
    let (_stream, answer) = super::client::begin(trial.address, &head).await;
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    let seen = &trial.upstream.seen()[0];
    assert_eq!(seen.headers["sec-websocket-protocol"], "v5.channel.k8s.io");
    assert_eq!(seen.headers["authorization"], "Bearer token-0");
    assert!(!seen.headers.contains_key("impersonate-user"));
}

/// Two readings of where a body ends would let a second request hide in the first.
#[tokio::test]
async fn no_request_hides_in_another() {
    let trial = Trial::open().await;
    let hidden = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    let both = ["Transfer-Encoding: chunked"];
    let answer = ask(trial.address, "POST", "/api", &both, hidden).await;
    let seen = trial.upstream.seen();
    assert!(seen.iter().all(|seen| !seen.target.contains("hidden")), "{answer:?}");
    for seen in seen {
        let (length, coding) = ("content-length", "transfer-encoding");
        let has_both = seen.headers.contains_key(length) && seen.headers.contains_key(coding);
        assert!(!has_both, "{seen:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_passed_on_and_not_followed() {
    let trial = Trial::start().await;
    let answer = get(trial.address, "/moved", &[]).await;
    assert_eq!(answer.status, 302);
    assert!(answer.head.contains("location: https://evil.example/"), "{}", answer.head);
    assert_eq!(trial.upstream.seen().len(), 1);
}
