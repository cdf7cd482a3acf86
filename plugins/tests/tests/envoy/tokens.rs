//! Tokens: one for all workers, renewed under load, and the same that anyone else would make.

use std::time::Duration;

use eks_token_plugin_tests::{Load, Offer, made_anew};
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
    let load = Load::begin(&trial.client, PODS);
    let deadline = Instant::now() + Duration::from_mins(1);
    while trial.upstream.tokens().len() <= LIVES {
        assert!(Instant::now() < deadline, "tokens are not renewed");
        sleep(Duration::from_millis(50)).await;
    }
    let (good, failed) = load.end();
    assert_eq!(failed, 0, "{}", trial.envoy.log());
    assert!(good > 100, "{good}");
    // One signing for all workers: no token but those that arrived, but for one at each end.
    sleep(Duration::from_millis(1_100)).await;
    let (made, seen) = (trial.counter("tokens_made").await, trial.upstream.tokens().len() as u64);
    assert!(made <= seen + 2, "{made} were made, {seen} arrived");
    assert!(trial.source.asked().len() >= 2, "credentials were not renewed");
    assert!(trial.counter("cache_hits").await >= good);
    assert_eq!(trial.counter("failures").await, 0);
}

#[tokio::test]
async fn anyone_else_would_make_the_same() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200);
    let token = trial.upstream.tokens().pop().expect("a token");
    assert_eq!(made_anew(&trial.upstream, &token), token);
}
