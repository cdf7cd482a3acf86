//! The sandbox's pods as they change: lists that stay consistent, watches that miss nothing, and
//! what becomes of a watch when its token expires.
#![cfg(all(feature = "kube", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use eks_token_host::kube::{ApiServer, CertificateAuthority, ProxySettings};
use eks_token_host::sandbox::{Clock, Identity, PodError, Sandbox, SandboxOptions};
use eks_token_host::{Lifetime, Signer, SigningTime, StsEndpoint, Token, TokenRequest, UrlExpiry};
use futures_util::{Stream, StreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, WatchEvent, WatchParams};
use kube::{Api, Client, ResourceExt as _};
use serde_json::Value;
use tokio::time::timeout;

const NOW: u64 = 1_750_000_000;
/// Nothing here takes nearly as long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox whose clock is set by the test.
struct Trial {
    sandbox: Sandbox,
    clock: Arc<AtomicU64>,
}

impl Trial {
    async fn with(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let time = Arc::clone(&clock);
        let mut options = SandboxOptions {
            clock: Clock::new(move || time.load(Ordering::Relaxed)),
            ..SandboxOptions::default()
        };
        change(&mut options);
        Self { sandbox: Sandbox::start(options).await.expect("it starts"), clock }
    }

    /// Without any pods but those that the test creates.
    async fn empty() -> Self {
        Self::with(|options| options.pods = 0).await
    }

    fn set_clock(&self, now: u64) {
        self.clock.store(now, Ordering::Relaxed);
    }

    /// Of a reader, signed now.
    fn token(&self) -> Token {
        let now = self.clock.load(Ordering::Relaxed);
        let request = TokenRequest {
            cluster: self.sandbox.cluster_name().clone(),
            region: self.sandbox.region().clone(),
            endpoint: StsEndpoint::default(),
            signed_at: SigningTime::from_unix_seconds(now).expect("a time"),
            url_expires_in: UrlExpiry::default(),
            lifetime: Lifetime::default(),
        };
        let signer = Signer::new().expect("a signer");
        let credentials = self.sandbox.credentials(Identity::Reader);
        signer.create_token(&credentials, &request).expect("a token")
    }

    fn client(&self, token: &Token) -> Client {
        let authority = self.sandbox.ca_pem().as_bytes();
        let server = ApiServer {
            url: self.sandbox.kubernetes_url().try_into().expect("a URL"),
            certificate_authority: CertificateAuthority::try_from(authority).expect("one"),
            proxy: ProxySettings::default(),
            tls_server_name: None,
        };
        server.client(token).expect("a client")
    }

    /// All pods, seen with a fresh token.
    fn pods(&self) -> Api<Pod> {
        Api::all(self.client(&self.token()))
    }

    fn create(&self, name: &str) {
        self.sandbox.create_pod(name).expect("a new pod");
    }

    fn delete(&self, name: &str) {
        self.sandbox.delete_pod(name).expect("there was one");
    }
}

/// Events in short: `+web 4712`, `-web 4713`, `= 4713` for a bookmark, `! 410`.
struct Events(Pin<Box<dyn Stream<Item = kube::Result<WatchEvent<Pod>>>>>);

impl Events {
    async fn of(pods: &Api<Pod>, params: &WatchParams, version: &str) -> Self {
        Self(pods.watch(params, version).await.expect("a watch").boxed_local())
    }

    /// `None` when the watch has ended.
    async fn next(&mut self) -> Option<String> {
        let event = timeout(PATIENCE, self.0.next()).await.expect("it does not hang")?;
        let pod = |sign: char, pod: &Pod| {
            format!("{sign}{} {}", pod.name_any(), pod.resource_version().expect("a version"))
        };
        Some(match event.expect("an event") {
            WatchEvent::Added(added) => pod('+', &added),
            WatchEvent::Deleted(deleted) => pod('-', &deleted),
            WatchEvent::Modified(modified) => pod('~', &modified),
            WatchEvent::Bookmark(bookmark) => format!("= {}", bookmark.metadata.resource_version),
            WatchEvent::Error(status) => format!("! {} {}", status.code, status.reason),
        })
    }

    async fn assert_next(&mut self, expected: &[&str]) {
        for expected in expected {
            assert_eq!(self.next().await.as_deref(), Some(*expected));
        }
    }

    async fn assert_end(&mut self) {
        assert_eq!(self.next().await, None);
    }
}

fn without_bookmarks() -> WatchParams {
    WatchParams { bookmarks: false, ..WatchParams::default() }
}

/// The body of an answer to its end, which must be a clean one; the status where it is an error.
async fn get(client: &Client, uri: &str) -> Result<String, u16> {
    let request = http::Request::get(uri).body(Vec::new()).expect("a request");
    match timeout(PATIENCE, client.request_text(request)).await.expect("it ends") {
        Ok(body) => Ok(body),
        Err(kube::Error::Api(status)) => Err(status.code),
        Err(error) => panic!("{error}"),
    }
}

/// The same as lines of JSON.
async fn get_lines(client: &Client, uri: &str) -> Vec<Value> {
    let body = get(client, uri).await.expect("success");
    assert!(body.is_empty() || body.ends_with('\n'), "the last line is whole");
    body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test]
async fn changes_are_told_in_their_order() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    trial.create("b");
    let version = pods.list(&ListParams::default()).await.expect("a list").metadata;
    let version = version.resource_version.expect("a version");
    assert_eq!(version, "4712");
    let mut events = Events::of(&pods, &WatchParams::default(), &version).await;
    trial.create("a");
    events.assert_next(&["+a 4713"]).await;
    trial.delete("b");
    trial.create("c");
    trial.delete("a");
    events.assert_next(&["-b 4714", "+c 4715", "-a 4716"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_watch_from_nowhere_begins_with_what_there_is() {
    let trial = Trial::empty().await;
    trial.create("b");
    trial.create("a");
    for version in ["", "0"] {
        let mut events = Events::of(&trial.pods(), &WatchParams::default(), version).await;
        events.assert_next(&["+a 4713", "+b 4712"]).await;
    }
    let mut events = Events::of(&trial.pods(), &WatchParams::default(), "0").await;
    events.assert_next(&["+a 4713", "+b 4712"]).await;
    trial.create("c");
    events.assert_next(&["+c 4714"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn nothing_is_lost_between_two_watches() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    trial.create("a");
    events.assert_next(&["+a 4712"]).await;
    drop(events);
    trial.create("b");
    trial.delete("a");
    let mut events = Events::of(&pods, &WatchParams::default(), "4712").await;
    trial.create("c");
    events.assert_next(&["+b 4713", "-a 4714", "+c 4715"]).await;
    trial.sandbox.stop().await;
}

/// Watches that come and go while pods do: put together, they tell of every change once.
#[tokio::test]
async fn nothing_is_lost_under_load() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    let mut seen = String::new();
    let mut expected = String::new();
    let mut version = 4711;
    for round in 0..20 {
        let from = version.to_string();
        let mut events = Events::of(&pods, &WatchParams::default(), &from).await;
        for index in 0..20 {
            trial.create(&format!("pod-{round}-{index}"));
            let _ = writeln!(expected, "+pod-{round}-{index} {}", 4712 + round * 20 + index);
        }
        // Some are left for the next watch, and with the last round none.
        while version < 4711 + round * 20 + if round == 19 { 20 } else { 13 } {
            let event = events.next().await.expect("it goes on");
            version = event.rsplit(' ').next().and_then(|v| v.parse().ok()).expect("a version");
            let _ = writeln!(seen, "{event}");
        }
    }
    assert_eq!(seen, expected);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn what_is_too_old_is_gone() {
    let trial = Trial::with(|options| (options.pods, options.kept_changes) = (0, 2)).await;
    for name in ["a", "b", "c"] {
        trial.create(name);
    }
    let pods = trial.pods();
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    events.assert_next(&["! 410 Expired"]).await;
    events.assert_end().await;
    let mut events = Events::of(&pods, &WatchParams::default(), "4712").await;
    events.assert_next(&["+b 4713", "+c 4714"]).await;
    let client = pods.into_client();
    let list =
        |version| format!("/api/v1/pods?resourceVersion={version}&resourceVersionMatch=Exact");
    assert_eq!(get(&client, &list(4711)).await, Err(410));
    let body = get(&client, &list(4712)).await.expect("a list");
    assert_eq!(body.matches("\"uid\"").count(), 1, "{body}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn bookmarks_are_for_those_who_ask() {
    let trial = Trial::empty().await;
    trial.create("a");
    let pods = trial.pods();
    // That nothing was to be told of makes the bookmark no older.
    let only_b = WatchParams::default().timeout(1).labels("run=b");
    let mut events = Events::of(&pods, &only_b, "4711").await;
    events.assert_next(&["= 4712"]).await;
    events.assert_end().await;
    let mut events = Events::of(&pods, &without_bookmarks().timeout(1), "4711").await;
    events.assert_next(&["+a 4712"]).await;
    events.assert_end().await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn selectors_hold_for_watches() {
    let trial = Trial::with(|options| options.pods = 12).await;
    let client = trial.client(&trial.token());
    let params = WatchParams::default().labels("run in (a, c)");
    let mut by_label = Events::of(&Api::all(client.clone()), &params, "4711").await;
    let params = WatchParams::default().fields("metadata.name=b");
    let mut by_name = Events::of(&Api::default_namespaced(client.clone()), &params, "0").await;
    let other = Api::namespaced(client, "kube-system");
    let mut elsewhere = Events::of(&other, &WatchParams::default().timeout(2), "4711").await;
    for name in ["a", "b", "c"] {
        trial.create(name);
    }
    trial.delete("a");
    by_label.assert_next(&["+a 4712", "+c 4714", "-a 4715"]).await;
    by_name.assert_next(&["+b 4713"]).await;
    elsewhere.assert_next(&["= 4715"]).await;
    elsewhere.assert_end().await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_watch_ends_with_its_token() {
    let lifetime = Duration::from_mins(1);
    let trial = Trial::with(|options| {
        (options.pods, options.tokens_live_for) = (0, lifetime);
    })
    .await;
    let token = trial.token();
    let old = trial.client(&token);
    let pods: Api<Pod> = Api::all(old.clone());
    // In its last second.
    trial.set_clock(NOW + 60);
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    trial.create("a");
    events.assert_next(&["+a 4712", "= 4712"]).await;
    events.assert_end().await;
    trial.set_clock(NOW + 61);
    assert_eq!(get(&old, "/api/v1/pods").await, Err(401));
    assert_eq!(get(&old, "/api/v1/pods?watch=true").await, Err(401));
    // With a new one it goes on from there.
    trial.create("b");
    let mut events = Events::of(&trial.pods(), &WatchParams::default(), "4712").await;
    events.assert_next(&["+b 4713"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_watch_can_outlive_its_token() {
    let trial = Trial::with(|options| {
        options.pods = 0;
        options.watches_end_with_token = false;
    })
    .await;
    let token = trial.token();
    trial.set_clock(NOW + 900);
    let params = WatchParams::default().timeout(3);
    let mut events = Events::of(&Api::all(trial.client(&token)), &params, "4711").await;
    trial.set_clock(NOW + 901);
    assert_eq!(get(&trial.client(&token), "/api/v1/pods").await, Err(401));
    // By now it would have ended.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    trial.create("a");
    events.assert_next(&["+a 4712", "= 4712"]).await;
    events.assert_end().await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn tokens_live_no_longer_than_those_of_eks() {
    let trial = Trial::with(|options| options.tokens_live_for = Duration::from_hours(1)).await;
    let client = trial.client(&trial.token());
    trial.set_clock(NOW + 900);
    assert!(get(&client, "/api/v1/pods").await.is_ok());
    trial.set_clock(NOW + 901);
    assert_eq!(get(&client, "/api/v1/pods").await, Err(401));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn stopping_ends_watches_at_once_and_cleanly() {
    let trial = Trial::with(|options| options.pods = 1).await;
    let client = trial.client(&trial.token());
    let mut events = Events::of(&trial.pods(), &WatchParams::default(), "0").await;
    events.next().await.expect("the pod of the start");
    let watching = tokio::spawn(async move {
        get_lines(&client, "/api/v1/pods?watch=1&allowWatchBookmarks=true").await
    });
    // The second watch is under way, too, once the change has reached the first one.
    trial.create("a");
    events.assert_next(&["+a 4712"]).await;
    // No longer than the sandbox waits for what does not end.
    timeout(Duration::from_millis(900), trial.sandbox.stop()).await.expect("at once");
    events.assert_next(&["= 4712"]).await;
    events.assert_end().await;
    let lines = timeout(PATIENCE, watching).await.expect("it ends").expect("no panic");
    let last = lines.last().expect("a bookmark");
    assert_eq!((&last["type"], &last["object"]["kind"]), (&"BOOKMARK".into(), &"Pod".into()));
    assert_eq!(last["object"]["metadata"]["resourceVersion"], "4712");
}

#[tokio::test]
async fn all_pages_of_a_list_are_of_one_version() {
    let trial = Trial::empty().await;
    for name in ["a", "b", "c", "d"] {
        trial.create(name);
    }
    let pods = trial.pods();
    let mut params = ListParams::default().limit(2);
    let first = pods.list(&params).await.expect("a page");
    trial.delete("c");
    trial.create("bb");
    params.continue_token = first.metadata.continue_;
    let second = pods.list(&params).await.expect("a page");
    let names: Vec<String> = second.iter().map(kube::ResourceExt::name_any).collect();
    assert_eq!(names, ["c", "d"]);
    assert_eq!(first.metadata.resource_version.as_deref(), Some("4715"));
    assert_eq!(second.metadata.resource_version, first.metadata.resource_version);
    let fresh = pods.list(&ListParams::default()).await.expect("a list");
    let names: Vec<String> = fresh.iter().map(kube::ResourceExt::name_any).collect();
    assert_eq!(names, ["a", "b", "bb", "d"]);
    assert_eq!(fresh.metadata.resource_version.as_deref(), Some("4717"));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_page_that_is_too_old_is_gone() {
    let trial = Trial::with(|options| options.kept_changes = 1).await;
    let pods = trial.pods();
    let mut params = ListParams::default().limit(2);
    params.continue_token = pods.list(&params).await.expect("a page").metadata.continue_;
    trial.create("a");
    assert_eq!(pods.list(&params).await.expect("a page").items.len(), 2);
    trial.create("b");
    let error = pods.list(&params).await.expect_err("too old");
    assert!(matches!(&error, kube::Error::Api(status) if status.code == 410), "{error}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn tables_are_watched_as_kubectl_does() {
    let trial = Trial::empty().await;
    trial.create("a");
    trial.create("b");
    let request = http::Request::get("/api/v1/pods?watch=true&timeoutSeconds=1")
        .header("accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
        .body(Vec::new())
        .expect("a request");
    let body = trial.client(&trial.token()).request_text(request).await.expect("a watch");
    let lines: Vec<Value> =
        body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let tables: Vec<(&Value, &Value)> = lines
        .iter()
        .map(|line| (&line["object"]["kind"], &line["object"]["rows"][0]["cells"][0]))
        .collect();
    assert_eq!(tables, [(&"Table".into(), &"a".into()), (&"Table".into(), &"b".into())]);
    // The columns are told once.
    assert!(lines[0]["object"]["columnDefinitions"].is_array());
    assert!(lines[1]["object"]["columnDefinitions"].is_null());
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn options_that_cannot_be_met_are_refused() {
    let trial = Trial::empty().await;
    let client = trial.client(&trial.token());
    for (query, expected) in [
        ("watch=true&resourceVersion=abc", 400),
        ("watch=true&timeoutSeconds=soon", 400),
        ("watch=true&fieldSelector=spec.nodeName%3Da", 400),
        ("watch=true&labelSelector=a%3Db%3Dc", 400),
        // As servers answer that have no watch lists.
        ("watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", 422),
        ("resourceVersionMatch=Exact", 422),
    ] {
        let answer = get(&client, &format!("/api/v1/pods?{query}")).await;
        assert_eq!(answer.map_err(|status| status), Err(expected), "{query}");
    }
    let no_lists = "/api/v1/pods?watch=true&timeoutSeconds=1&sendInitialEvents=false";
    assert_eq!(get(&client, no_lists).await.as_deref(), Ok(""));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn pods_have_names_of_their_own() {
    let trial = Trial::empty().await;
    assert_eq!(trial.sandbox.create_pod("Web_1"), Err(PodError::Name));
    trial.create("web");
    let uid = || async { trial.pods().list(&ListParams::default()).await.expect("a list").items };
    let first = uid().await.remove(0).uid();
    assert_eq!(trial.sandbox.create_pod("web"), Err(PodError::Exists("web".to_owned())));
    trial.delete("web");
    assert_eq!(trial.sandbox.delete_pod("web"), Err(PodError::NotFound("web".to_owned())));
    trial.create("web");
    assert_ne!(uid().await.remove(0).uid(), first, "another pod");
    trial.sandbox.stop().await;
}
