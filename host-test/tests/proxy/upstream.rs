//! A cluster that is made up: it keeps what arrives, and speaks what a test needs.

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _, stream};
use http::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role};

use super::certificates::Authority;

type Body = BoxBody<Bytes, Infallible>;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
}

/// The cluster. It lives as long as its runtime.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    pub(crate) authority: String,
    pub(crate) state: Arc<State>,
}

#[derive(Default)]
pub(crate) struct State {
    seen: Mutex<Vec<Seen>>,
    /// `token-N` is taken from this N on.
    pub(crate) lowest_token: AtomicU64,
    /// Connections so far.
    pub(crate) connections: AtomicUsize,
    /// Tunnels of which both ends have ended.
    pub(crate) ended_tunnels: AtomicUsize,
    /// What an open watch is to send next.
    events: Mutex<Option<mpsc::UnboundedSender<Bytes>>>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let authority = Authority::new();
        let config = authority.server("127.0.0.1").server_config();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        tokio::spawn(accept(listener, acceptor, Arc::clone(&state)));
        Self { address, authority: authority.pem(), state }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("no panic").clone()
    }

    /// How many tokens have arrived that differ.
    pub(crate) fn tokens(&self) -> HashSet<String> {
        let seen = self.seen();
        let token = |seen: &Seen| seen.headers["authorization"].to_str().expect("text").to_owned();
        seen.iter().map(token).collect()
    }

    /// Sends a line in the open watch.
    pub(crate) fn event(&self, line: &str) {
        let events = self.state.events.lock().expect("no panic");
        let sender = events.as_ref().expect("a watch is open");
        sender.send(Bytes::from(line.to_owned())).expect("it is read");
    }

    /// Whether nobody reads the watch any more.
    pub(crate) fn is_watch_closed(&self) -> bool {
        let events = self.state.events.lock().expect("no panic");
        events.as_ref().is_some_and(mpsc::UnboundedSender::is_closed)
    }

    /// Ends the open watch.
    pub(crate) fn end_watch(&self) {
        *self.state.events.lock().expect("no panic") = None;
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, state: Arc<State>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        state.connections.fetch_add(1, SeqCst);
        let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = service_fn(move |request| {
                let state = Arc::clone(&state);
                async move { Ok::<_, Infallible>(answer(request, &state).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            let _ = connection.with_upgrades().await;
        });
    }
}

async fn answer(mut request: Request<Incoming>, state: &Arc<State>) -> Response<Body> {
    let seen = Seen { target: request.uri().to_string(), headers: request.headers().clone() };
    let number = token_number(&seen.headers);
    let path = request.uri().path().to_owned();
    state.seen.lock().expect("no panic").push(seen);
    if number.is_none_or(|number| number < state.lowest_token.load(SeqCst)) {
        return status(StatusCode::UNAUTHORIZED, "Unauthorized");
    }
    match request.headers().get(UPGRADE).map(|value| value.to_str().expect("text").to_owned()) {
        Some(protocol) if protocol == "websocket" => return web_socket(&mut request),
        Some(protocol) => return echo(&mut request, &protocol, state),
        None => {}
    }
    let is_reading = request.method() == Method::GET;
    match path.rsplit('/').next() {
        Some("watched") => watch(state),
        Some("slow") => {
            tokio::time::sleep(Duration::from_millis(500)).await;
            json_answer(&json!({"path": path}))
        }
        Some("moved") => {
            let mut answer = status(StatusCode::FOUND, "elsewhere");
            answer
                .headers_mut()
                .insert("location", "https://evil.example/".parse().expect("a URL"));
            answer
        }
        Some("pod") => json_answer(&pod()),
        Some("api") if is_reading => {
            json_answer(&json!({"kind": "APIVersions", "versions": ["v1"]}))
        }
        Some("apis") => {
            json_answer(&json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []}))
        }
        Some("v1") => json_answer(&resources()),
        _ => {
            let length = count(request.into_body()).await;
            json_answer(&json!({"path": path, "length": length}))
        }
    }
}

fn token_number(headers: &HeaderMap) -> Option<u64> {
    let token = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?;
    // One that the component made is always good enough.
    if token.starts_with("k8s-aws-v1.") {
        return Some(u64::MAX);
    }
    token.strip_prefix("token-")?.parse().ok()
}

async fn count(mut body: Incoming) -> u64 {
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        length += frame.data_ref().map_or(0, |data| data.len() as u64);
    }
    length
}

/// Lines as they come, until the test ends it.
fn watch(state: &State) -> Response<Body> {
    let (sender, receiver) = mpsc::unbounded_channel();
    *state.events.lock().expect("no panic") = Some(sender);
    let lines = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|line| (Ok(Frame::data(line)), receiver))
    });
    let body = BodyExt::boxed(StreamBody::new(Box::pin(lines) as SyncStream));
    Response::new(body)
}

type SyncStream = std::pin::Pin<
    Box<dyn futures_util::Stream<Item = Result<Frame<Bytes>, Infallible>> + Send + Sync>,
>;

/// As `kubectl exec -- cat`: what comes on channel 0 goes back on channel 1.
///
/// <https://pkg.go.dev/k8s.io/apimachinery/pkg/util/remotecommand#StreamProtocolV5Name>
fn web_socket(request: &mut Request<Incoming>) -> Response<Body> {
    let key = request.headers()["sec-websocket-key"].as_bytes();
    let mut answer = switching("websocket");
    let headers = answer.headers_mut();
    let accept = derive_accept_key(key).parse().expect("a value");
    headers.insert("sec-websocket-accept", accept);
    if request.headers().contains_key("sec-websocket-protocol") {
        headers.insert("sec-websocket-protocol", "v5.channel.k8s.io".parse().expect("a value"));
    }
    let upgrade = hyper::upgrade::on(request);
    tokio::spawn(async move {
        let stream = TokioIo::new(upgrade.await.expect("it is upgraded"));
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
        while let Some(Ok(Message::Binary(data))) = socket.next().await {
            match data.split_first() {
                Some((0, input)) => {
                    let output = [&[1], input].concat();
                    socket.send(Message::Binary(output.into())).await.expect("it is sent");
                }
                Some((255, [0])) => break,
                _ => {}
            }
        }
        let success = json!({"metadata": {}, "status": "Success"}).to_string();
        let end = [&[3], success.as_bytes()].concat();
        let _ = socket.send(Message::Binary(end.into())).await;
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        let _ = socket.close(Some(frame)).await;
    });
    answer
}

/// Sends back what comes, and once that has ended says so before it ends itself.
fn echo(request: &mut Request<Incoming>, protocol: &str, state: &Arc<State>) -> Response<Body> {
    let upgrade = hyper::upgrade::on(request);
    let state = Arc::clone(state);
    tokio::spawn(async move {
        let mut stream = TokioIo::new(upgrade.await.expect("it is upgraded"));
        let mut buffer = vec![0; 16 * 1024];
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(length) => stream.write_all(&buffer[..length]).await.expect("it is sent"),
            }
        }
        let _ = stream.write_all(b"end").await;
        let _ = stream.shutdown().await;
        state.ended_tunnels.fetch_add(1, SeqCst);
    });
    switching(protocol)
}

fn switching(protocol: &str) -> Response<Body> {
    let mut answer = full(String::new());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    answer.headers_mut().insert(CONNECTION, "Upgrade".parse().expect("a value"));
    answer.headers_mut().insert(UPGRADE, protocol.parse().expect("a value"));
    answer
}

fn resources() -> serde_json::Value {
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1",
        "resources": [{
            "name": "pods", "singularName": "pod", "namespaced": true, "kind": "Pod",
            "verbs": ["get", "list"], "shortNames": ["po"],
        }],
    })
}

fn pod() -> serde_json::Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "default"},
        "spec": {"containers": [{"name": "main", "image": "i"}]},
        "status": {"phase": "Running"},
    })
}

fn json_answer(value: &serde_json::Value) -> Response<Body> {
    full(value.to_string())
}

fn full(text: String) -> Response<Body> {
    let mut answer = Response::new(Full::new(Bytes::from(text)).boxed());
    answer.headers_mut().insert(CONTENT_TYPE, "application/json".parse().expect("a value"));
    answer
}

fn status(code: StatusCode, message: &str) -> Response<Body> {
    let mut answer = json_answer(&json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": "", "code": code.as_u16(),
    }));
    *answer.status_mut() = code;
    answer
}
