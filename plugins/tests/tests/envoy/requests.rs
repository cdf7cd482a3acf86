//! What passes, what is taken out of it, and what is refused before the cluster is asked.

use std::time::Duration;

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::{SMUGGLED, promises};
use http::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::envoy::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=5";

#[tokio::test]
async fn pods_are_listed_with_a_token_and_without_what_was_smuggled_in() {
    let trial = Trial::start(Setup::default()).await;
    promises::lists_pods_without_what_was_smuggled_in(&trial.client, &trial.upstream).await;
}

/// The negative control of the test above: what is smuggled in does arrive where nothing takes it
/// out.
#[tokio::test]
async fn without_the_plugin_everything_arrives() {
    let trial = Trial::start(Setup::default()).await;
    let mut curl = tokio::process::Command::new("curl");
    curl.arg("--silent").arg("--cacert").arg(trial.upstream.ca_file());
    for (name, value) in SMUGGLED {
        curl.args(["--header", &format!("{name}: {}", String::from_utf8_lossy(value))]);
    }
    let url = format!("https://127.0.0.1:{}{PODS}", trial.upstream.port());
    assert!(curl.arg(url).output().await.expect("curl").status.success());
    let arrived = trial.upstream.headers().pop().expect("a request");
    for (name, _) in SMUGGLED {
        assert!(arrived.contains_key(name), "{name} did not arrive");
    }
}

#[tokio::test]
async fn writing_and_ways_into_containers_are_refused_before_the_cluster_is_asked() {
    let trial = Trial::start(Setup::default()).await;
    promises::refuses_all_but_reading(&trial.client, &trial.upstream).await;
    promises::refuses_a_websocket(&trial.client, &trial.upstream).await;
    // Envoy resolves such paths only where it is told to; Traefik always does.
    assert_eq!(trial.client.get("/api/v1/../v1/pods").await.status, 400);
    assert_eq!(trial.upstream.count(), 0);
}

#[tokio::test]
async fn what_the_configuration_allows_passes() {
    let trial = Trial::start(Setup { plugin: promises::told(), ..Setup::default() }).await;
    promises::passes_what_it_is_told_to(&trial.client, &trial.upstream).await;
}

/// While a new configuration takes the place of an old one, both must admit a request: what only the new
/// one allows passes once the old one is gone, and reading passes all the time.
#[tokio::test]
async fn a_new_configuration_takes_the_place_of_the_old_one() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    let review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    assert_eq!(trial.client.ask(Method::POST, review, &[]).await.status, 403);
    trial.configure(&json!({"allow": [
        {"methods": ["GET"], "paths": ["/**"]},
        {"methods": ["POST"], "paths": ["/apis/authorization.k8s.io/v1/*"]},
    ]}));
    let deadline = Instant::now() + Duration::from_mins(1);
    // The sandbox does not understand an empty review: it answers 400, and has been asked.
    while trial.client.ask(Method::POST, review, &[]).await.status == 403 {
        assert!(Instant::now() < deadline, "{}", trial.envoy.log());
        assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
        sleep(Duration::from_millis(50)).await;
    }
    // And back: what the new one does not allow is refused at once when it is there.
    trial.configure(&json!({"allow": [{"methods": ["HEAD"], "paths": ["/**"]}]}));
    while trial.client.get(PODS).await.status != 403 {
        assert!(Instant::now() < deadline, "{}", trial.envoy.log());
        sleep(Duration::from_millis(50)).await;
    }
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
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    assert!(!trial.envoy.log().contains("RuntimeError"), "{}", trial.envoy.log());
}

#[tokio::test]
async fn clusters_are_told_apart_by_authority_and_route() {
    let plugin = json!({"clusters": [
        {"name": "sandbox", "region": "eu-central-1", "match": {"authorities": ["a.example.com"]}},
        {"name": "other", "region": "eu-central-1", "match": {"authorities": ["b.example.com"]}},
        {"name": "sandbox", "region": "eu-central-1", "match": {"routes": ["special"]}},
    ]});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let status = async |authority: &[u8], path: &str| {
        trial.client.ask(Method::GET, path, &[("Host", authority)]).await.status.as_u16()
    };
    assert_eq!(status(b"a.example.com", PODS).await, 200);
    // A token for another cluster, which this one does not take.
    assert_eq!(status(b"b.example.com", PODS).await, 401);
    assert_eq!(status(b"c.example.com", &format!("/special{PODS}")).await, 200);
    let arrived = trial.upstream.count();
    assert_eq!(status(b"c.example.com", PODS).await, 404);
    assert_eq!(trial.upstream.count(), arrived);
}

#[tokio::test]
async fn no_credentials_are_in_what_envoy_shows() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200);
    let shown = trial.config_dump().await + &trial.envoy.log();
    assert!(shown.contains("authenticated_by"), "this is not the dump");
    let secrets = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        .map(|name| trial.upstream.variable(Identity::Reader, name));
    for secret in secrets.iter().chain(&trial.upstream.tokens()) {
        assert!(!shown.contains(secret.as_str()));
    }
}
