//! Tokens: one for all workers, renewed under load, and the same that anyone else would make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::{Offer, parameter};
use eks_token_signer::{Lifetime, SigningTime, StsEndpoint, Token, TokenRequest, UrlExpiry};
use http::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::envoy::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";

#[tokio::test]
async fn the_first_requests_wait_for_one_token() {
    let trial = Trial::start(Setup::default()).await;
    let asked = (0..100).map(|_| {
        let client = trial.client.clone();
        tokio::spawn(async move { client.get(PODS).await.status })
    });
    for answer in asked.collect::<Vec<_>>() {
        assert_eq!(answer.await.expect("no panic"), 200, "{}", trial.envoy.log());
    }
    assert_eq!(trial.upstream.tokens().len(), 1);
    assert_eq!(trial.source.asked().len(), 1);
}

/// Tokens that live for three seconds, of credentials that live for seven, asked for without a pause
/// by eight clients over several lives of both.
#[tokio::test]
async fn are_renewed_under_load_without_a_failed_request() {
    const LIVES: usize = 5;
    let lifetime = 3;
    let clusters =
        json!([{"name": "sandbox", "region": "eu-central-1", "token_lifetime_seconds": lifetime}]);
    let trial = Trial::start(Setup {
        plugin: json!({"clusters": clusters}),
        offer: Offer::EndingIn(7),
        tokens_live_for: lifetime,
    })
    .await;
    let (good, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (client, good, failed) =
                (trial.client.clone(), Arc::clone(&good), Arc::clone(&failed));
            tokio::spawn(async move {
                loop {
                    match client.try_ask(Method::GET, PODS, &[]).await {
                        Some(answer) if answer.status == 200 => good.fetch_add(1, Relaxed),
                        _ => failed.fetch_add(1, Relaxed),
                    };
                }
            })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_mins(1);
    while trial.upstream.tokens().len() <= LIVES {
        assert!(Instant::now() < deadline, "tokens are not renewed");
        sleep(Duration::from_millis(50)).await;
    }
    clients.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(failed.load(Relaxed), 0, "{}", trial.envoy.log());
    assert!(good.load(Relaxed) > 100, "{good:?}");
    // One signing for all workers: no token but those that arrived, but for one at each end.
    sleep(Duration::from_millis(1_100)).await;
    let (made, seen) = (trial.counter("tokens_made").await, trial.upstream.tokens().len() as u64);
    assert!(made <= seen + 2, "{made} were made, {seen} arrived");
    assert!(trial.source.asked().len() >= 2, "credentials were not renewed");
    assert!(trial.counter("cache_hits").await >= good.load(Relaxed));
    assert_eq!(trial.counter("failures").await, 0);
}

#[tokio::test]
async fn anyone_else_would_make_the_same() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200);
    let token = trial.upstream.tokens().pop().expect("a token");
    let stamp = parameter(&token, "X-Amz-Date");
    let request = TokenRequest {
        cluster: trial.upstream.sandbox().cluster_name().clone(),
        region: trial.upstream.sandbox().region().clone(),
        endpoint: StsEndpoint::default(),
        signed_at: signing_time(&stamp),
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    };
    let credentials = trial.upstream.sandbox().credentials(Identity::Reader);
    assert_eq!(Token::new(&credentials, &request).expect("a token").value, token);
}

/// The instant that a stamp names: the one of the last minute whose stamp it is.
fn signing_time(stamp: &str) -> SigningTime {
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    (now - 60..=now)
        .map(|second| SigningTime::from_unix_seconds(second).expect("a time"))
        .find(|time| time.stamp().as_str() == stamp)
        .expect("it was signed just now")
}
