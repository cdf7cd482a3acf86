//! Tokens: renewed under load, and the same that anyone else would make.

use std::time::Duration;

use eks_token_plugin_tests::{Load, made_anew, parameter};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::traefik::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";

/// Tokens that live for three seconds, asked for without a pause by eight clients over several lives.
#[tokio::test]
async fn are_renewed_under_load_without_a_failed_request() {
    const LIVES: u64 = 5;
    let lifetime = 3;
    let clusters =
        json!([{"name": "sandbox", "region": "eu-central-1", "token_lifetime_seconds": lifetime}]);
    let plugin = json!({"clusters": clusters});
    let trial = Trial::start(Setup { plugin, tokens_live_for: lifetime, ..Setup::default() }).await;
    let load = Load::begin(&trial.client, PODS);
    let deadline = Instant::now() + Duration::from_secs(lifetime * LIVES);
    while Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
    }
    let (good, failed) = load.end();
    assert_eq!(failed, 0, "{}", trial.traefik.log());
    assert!(good > 100, "{good}");
    let mut stamps: Vec<_> =
        trial.upstream.tokens().iter().map(|token| parameter(token, "X-Amz-Date")).collect();
    stamps.dedup();
    assert!(stamps.len() as u64 > LIVES, "{stamps:?}");
}

#[tokio::test]
async fn anyone_else_would_make_the_same() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.traefik.log());
    let token = trial.upstream.tokens().pop().expect("a token");
    assert_eq!(made_anew(&trial.upstream, &token), token);
}
