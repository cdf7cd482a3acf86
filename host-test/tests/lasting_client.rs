//! The client that outlives its token and its server's address.
#![cfg(feature = "cli")]
#![allow(missing_docs, reason = "a test")]

#[path = "common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use api_server::{Answer, ApiServer, Request};
use eks_token_host::kube::{
    self as eks, BoxFuture, CertificateAuthority, Locator, ProxySettings, TokenSource,
    lasting_client,
};
use eks_token_host::{Clock, Token};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::PostParams;
use kube::{Api, Client};
use serde_json::json;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Gives the servers of a list, the last one for ever.
struct Servers {
    list: Mutex<VecDeque<eks::ApiServer>>,
    asked: AtomicU64,
}

impl Locator for Servers {
    fn locate(&self) -> BoxFuture<'_, Result<eks::ApiServer>> {
        self.asked.fetch_add(1, Relaxed);
        let mut list = self.list.lock().expect("no panic");
        let next = if list.len() > 1 { list.pop_front() } else { list.front().cloned() };
        Box::pin(async move { next.ok_or_else(|| "there is no such cluster".into()) })
    }
}

/// Makes `token-1`, `token-2` and so on.
struct Numbered {
    made: AtomicU64,
    clock: Arc<AtomicU64>,
}

impl TokenSource for Numbered {
    fn token(&self, _was_refused: bool) -> BoxFuture<'_, Result<Token>> {
        let value = format!("token-{}", self.made.fetch_add(1, Relaxed) + 1);
        let expires_at = self.clock.load(Relaxed) + 840;
        Box::pin(async move { Ok(Token { value, expires_at, findings: Vec::new() }) })
    }
}

struct Trial {
    client: Client,
    servers: Arc<Servers>,
    tokens: Arc<Numbered>,
    clock: Arc<AtomicU64>,
}

impl Trial {
    fn with(servers: impl IntoIterator<Item = eks::ApiServer>) -> Self {
        let clock = Arc::new(AtomicU64::new(1_750_000_000));
        let list = Mutex::new(servers.into_iter().collect());
        let servers = Arc::new(Servers { list, asked: AtomicU64::new(0) });
        let tokens = Arc::new(Numbered { made: AtomicU64::new(0), clock: Arc::clone(&clock) });
        let time = Arc::clone(&clock);
        let client = lasting_client(
            Arc::clone(&servers) as Arc<dyn Locator>,
            Arc::clone(&tokens) as Arc<dyn TokenSource>,
            Clock::new(move || time.load(Relaxed)),
            "default",
        );
        Self { client, servers, tokens, clock }
    }

    async fn create(&self) -> kube::Result<ConfigMap> {
        let maps = Api::<ConfigMap>::default_namespaced(self.client.clone());
        maps.create(&PostParams::default(), &ConfigMap::default()).await
    }
}

fn located(url: &str, authority: &str) -> eks::ApiServer {
    eks::ApiServer {
        url: url.try_into().expect("a URL"),
        certificate_authority: CertificateAuthority::try_from(authority.as_bytes())
            .expect("an authority"),
        proxy: ProxySettings::default(),
        tls_server_name: None,
    }
}

/// A server that takes these tokens and no others.
fn taking(tokens: &'static [&'static str]) -> ApiServer {
    ApiServer::start(&["127.0.0.1"], move |request, _| {
        if tokens.iter().any(|token| bearer(request) == *token) {
            Answer::json(&json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}))
        } else {
            Answer::status("401 Unauthorized", "Unauthorized")
        }
    })
}

fn bearer(request: &Request) -> &str {
    let mut lines = request.headers.iter();
    lines.find_map(|line| line.strip_prefix("authorization: bearer ")).unwrap_or_default()
}

fn here(server: &ApiServer) -> eks::ApiServer {
    located(&server.url(), server.authority())
}

fn code(error: &kube::Error) -> Option<u16> {
    match error {
        kube::Error::Api(status) => Some(status.code),
        _ => None,
    }
}

#[tokio::test]
async fn tries_another_token_once_where_one_is_refused() {
    let server = taking(&["token-2"]);
    let trial = Trial::with([here(&server)]);
    trial.create().await.expect("the second token is taken");
    trial.create().await.expect("and goes on");
    let sent: Vec<_> = server.requests().iter().map(|it| bearer(it).to_owned()).collect();
    assert_eq!(sent, ["token-1", "token-2", "token-2"]);
    // The body came again, too.
    assert_eq!(server.requests()[0].body, server.requests()[1].body);
    assert!(!server.requests()[1].body.is_empty());
}

#[tokio::test]
async fn gives_up_where_no_token_is_taken() {
    let server = taking(&[]);
    let trial = Trial::with([here(&server)]);
    let error = trial.create().await.expect_err("no token is taken");
    assert_eq!(code(&error), Some(401), "{error}");
    assert_eq!(trial.tokens.made.load(Relaxed), 2);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn renews_ahead_of_the_end() {
    let server = taking(&["token-1", "token-2"]);
    let trial = Trial::with([here(&server)]);
    for _ in 0..3 {
        trial.create().await.expect("it is taken");
    }
    trial.clock.fetch_add(840 - 60, Relaxed);
    trial.create().await.expect("it is taken");
    let sent: Vec<_> = server.requests().iter().map(|it| bearer(it).to_owned()).collect();
    assert_eq!(sent, ["token-1", "token-1", "token-1", "token-2"]);
}

#[tokio::test]
async fn looks_for_a_server_that_has_moved() {
    let server = taking(&["token-1"]);
    let gone = located("https://127.0.0.1:1", server.authority());
    let trial = Trial::with([gone, here(&server)]);
    // It has only just been looked for.
    trial.create().await.expect_err("nothing listens there");
    assert_eq!(trial.servers.asked.load(Relaxed), 1);
    trial.clock.fetch_add(10, Relaxed);
    trial.create().await.expect("it is found again");
    assert_eq!(trial.servers.asked.load(Relaxed), 2);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn looks_again_where_the_certificate_authority_has_changed() {
    let (server, other) = (taking(&["token-1"]), taking(&[]));
    let trial = Trial::with([located(&server.url(), other.authority()), here(&server)]);
    trial.create().await.expect_err("another authority");
    assert!(server.requests().is_empty(), "a token went to a server that is not trusted");
    trial.clock.fetch_add(10, Relaxed);
    trial.create().await.expect("it is trusted now");
    assert_eq!(trial.servers.asked.load(Relaxed), 2);
}

#[tokio::test]
async fn says_why_there_is_no_server() {
    let trial = Trial::with([]);
    let error = trial.create().await.expect_err("there is none").to_string();
    assert!(error.contains("there is no such cluster"), "{error}");
}
