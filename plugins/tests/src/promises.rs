//! What every proxy that adds a token promises, whatever it is made with. Each holds one proxy to it,
//! by a client of the proxy and the cluster behind it.

use http::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::smuggled::{SMUGGLED, assert_clean};
use crate::upstream::Upstream;

const POD: &str = "/api/v1/namespaces/default/pods/web-0";
const REVIEW: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
/// What a handshake of a WebSocket says.
const HANDSHAKE: [(&str, &[u8]); 4] = [
    ("Connection", b"Upgrade"),
    ("Upgrade", b"websocket"),
    ("Sec-WebSocket-Version", b"13"),
    ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
];
const BEARER: &str = "base64url.bearer.authorization.k8s.io.eA";

/// Pods are listed, with the proxy's token and without what a caller has smuggled in.
///
/// # Panics
/// Where they are not.
pub async fn lists_pods_without_what_was_smuggled_in(client: &Client, upstream: &Upstream) {
    let answer = client.ask(Method::GET, "/api/v1/pods?limit=5", &SMUGGLED).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.json()["items"].as_array().map(Vec::len), Some(5));
    assert_clean(&upstream.headers().pop().expect("a request"));
}

/// Writing, and ways into containers, are refused before the cluster is asked.
///
/// # Panics
/// Where they are not.
pub async fn refuses_all_but_reading(client: &Client, upstream: &Upstream) {
    let refused = [
        (Method::POST, "/api/v1/namespaces/default/pods", 403, "does not allow this method"),
        (Method::DELETE, POD, 403, "does not allow this method"),
        (Method::PATCH, POD, 403, "does not allow this method"),
        (Method::GET, &format!("{POD}/exec?command=sh"), 403, "does not allow exec"),
        (Method::GET, &format!("{POD}/%65xec?command=sh"), 403, "does not allow exec"),
        (Method::GET, &format!("{POD}/attach"), 403, "does not allow attach"),
        (Method::POST, &format!("{POD}/portforward"), 403, "does not allow port-forward"),
        (Method::GET, "/api/v1/nodes/node-1/proxy/pods", 403, "does not allow proxy"),
        (Method::GET, &format!("{POD}%2Fexec"), 400, "read in two ways"),
        (Method::GET, &format!("{POD}%252Fexec"), 400, "read in two ways"),
    ];
    for (method, path, status, reason) in refused {
        let answer = client.ask(method.clone(), path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.message().contains(reason), "{method} {path}: {}", answer.message());
    }
    assert_eq!(upstream.count(), 0, "the cluster was asked");
}

/// A WebSocket is refused before the cluster is asked.
///
/// # Panics
/// Where it is not.
pub async fn refuses_a_websocket(client: &Client, upstream: &Upstream) {
    let answer = client.ask(Method::GET, "/api/v1/pods?watch=1", &handshake(BEARER)).await;
    assert_eq!(answer.status, 403);
    assert_eq!(upstream.count(), 0, "the cluster was asked");
}

/// What [`passes_what_it_is_told_to`] wants to be told to the proxy.
#[must_use]
pub fn told() -> Value {
    json!({
        "allow": [{"methods": ["POST"], "paths": ["/apis/authorization.k8s.io/v1/*"]}],
        "interactive": ["exec"],
    })
}

/// What [`told`] allows passes, and nothing else; of a WebSocket all but the bearer in it.
///
/// # Panics
/// Where that is not so.
pub async fn passes_what_it_is_told_to(client: &Client, upstream: &Upstream) {
    client.ask(Method::POST, REVIEW, &[]).await;
    assert_eq!(upstream.count(), 1);
    // The list is all there is: reading is no longer on it.
    assert_eq!(client.get("/api/v1/pods").await.status, 403);
    // The sandbox knows no exec, but is asked.
    let protocols = format!("{BEARER}, v5.channel.k8s.io");
    client.try_ask(Method::GET, &format!("{POD}/exec?command=sh"), &handshake(&protocols)).await;
    assert_eq!(upstream.count(), 2);
    let arrived = upstream.headers().pop().expect("a request");
    assert_eq!(arrived["sec-websocket-protocol"], "v5.channel.k8s.io");
}

fn handshake(protocols: &str) -> Vec<(&str, &[u8])> {
    let protocols = ("Sec-WebSocket-Protocol", protocols.as_bytes());
    HANDSHAKE.into_iter().chain([protocols]).collect()
}
