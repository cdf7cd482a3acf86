//! What passes, what is taken out of it, and what is refused before the cluster is asked.

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::promises;
use http::Method;
use serde_json::json;

use crate::traefik::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=5";

#[tokio::test]
async fn pods_are_listed_with_a_token_and_without_what_was_smuggled_in() {
    let trial = Trial::start(Setup::default()).await;
    promises::lists_pods_without_what_was_smuggled_in(&trial.client, &trial.upstream).await;
}

#[tokio::test]
async fn writing_and_ways_into_containers_are_refused_before_the_cluster_is_asked() {
    let trial = Trial::start(Setup::default()).await;
    promises::refuses_all_but_reading(&trial.client, &trial.upstream).await;
    promises::refuses_a_websocket(&trial.client, &trial.upstream).await;
}

#[tokio::test]
async fn what_the_configuration_allows_passes() {
    let trial = Trial::start(Setup { plugin: promises::told(), ..Setup::default() }).await;
    promises::passes_what_it_is_told_to(&trial.client, &trial.upstream).await;
}

/// One caller must not be able to stop what all requests of a worker share.
#[tokio::test]
async fn a_header_that_is_no_text_harms_nobody() {
    let trial = Trial::start(Setup::default()).await;
    for _ in 0..8 {
        trial
            .client
            .try_ask(Method::GET, PODS, &[("X-Odd", b"\xff\xfe"), ("Cookie", b"\xff")])
            .await;
    }
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.traefik.log());
    assert!(!trial.traefik.log().contains("RuntimeError"), "{}", trial.traefik.log());
}

#[tokio::test]
async fn clusters_are_told_apart_by_authority() {
    let plugin = json!({"clusters": [
        {"name": "sandbox", "region": "eu-central-1", "match": {"authorities": ["a.example.com"]}},
        {"name": "other", "region": "eu-central-1", "match": {"authorities": ["b.example.com"]}},
    ]});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let status = async |authority: &[u8]| {
        trial.client.ask(Method::GET, PODS, &[("Host", authority)]).await.status.as_u16()
    };
    assert_eq!(status(b"a.example.com").await, 200, "{}", trial.traefik.log());
    // A token for another cluster, which this one does not take.
    assert_eq!(status(b"b.example.com").await, 401);
    let arrived = trial.upstream.count();
    assert_eq!(status(b"c.example.com").await, 404);
    assert_eq!(trial.upstream.count(), arrived);
}

#[tokio::test]
async fn no_credentials_are_in_the_log() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200);
    let secrets = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        .map(|name| trial.upstream.variable(Identity::Reader, name));
    for secret in secrets.iter().chain(&trial.upstream.tokens()) {
        assert!(!trial.traefik.log().contains(secret.as_str()));
    }
}

#[tokio::test]
async fn callers_with_a_bearer_of_the_proxy() {
    // SHA-256 of `open sesame`.
    let sesame = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";
    let plugin = json!({"callers": {"authenticated_by": "bearer", "sha256": [sesame]}});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let ask = async |headers: &[(&str, &[u8])]| {
        trial.client.ask(Method::GET, PODS, headers).await.status.as_u16()
    };
    assert_eq!(ask(&[]).await, 401);
    let twice: [(&str, &[u8]); 2] =
        [("Authorization", b"Bearer open sesame"), ("Authorization", b"Bearer open barley")];
    assert_eq!(ask(&twice).await, 401);
    assert_eq!(trial.upstream.count(), 0);
    assert_eq!(ask(&[("Authorization", b"Bearer open sesame")]).await, 200);
    let arrived = trial.upstream.headers().pop().expect("a request");
    assert!(!format!("{arrived:?}").contains("sesame"));
}
