//! Tokens: renewed under load, and the same that anyone else would make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::parameter;
use eks_token_signer::{Lifetime, SigningTime, StsEndpoint, Token, TokenRequest, UrlExpiry};
use http::Method;
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
    let deadline = Instant::now() + Duration::from_secs(lifetime * LIVES);
    while Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
    }
    clients.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(failed.load(Relaxed), 0, "{}", trial.traefik.log());
    assert!(good.load(Relaxed) > 100, "{good:?}");
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
    let request = TokenRequest {
        cluster: trial.upstream.sandbox().cluster_name().clone(),
        region: trial.upstream.sandbox().region().clone(),
        endpoint: StsEndpoint::default(),
        signed_at: signing_time(&parameter(&token, "X-Amz-Date")),
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
