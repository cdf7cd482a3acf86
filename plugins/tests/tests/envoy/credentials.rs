//! Where credentials come from, and what is answered where there are none.

use std::time::Duration;

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::Offer;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::envoy::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn from_pod_identity_with_the_token_that_envoy_reads_from_its_file() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    assert_eq!(trial.source.asked(), ["GET /v1/credentials"]);
}

#[tokio::test]
async fn from_the_endpoint_of_an_ecs_task() {
    let credentials =
        json!({"from": "container", "upstream": "credentials", "path": "/v2/credentials/0a1b"});
    let plugin = json!({"credentials": credentials});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    assert_eq!(trial.source.asked(), ["GET /v2/credentials/0a1b"]);
}

#[tokio::test]
async fn from_the_instance_metadata_service() {
    let plugin = json!({"credentials": {"from": "instance-metadata", "upstream": "credentials"}});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    let roles = "/latest/meta-data/iam/security-credentials/";
    assert_eq!(
        trial.source.asked(),
        [
            "PUT /latest/api/token".to_owned(),
            format!("GET {roles}"),
            format!("GET {roles}node-role")
        ]
    );
}

#[tokio::test]
async fn static_ones_are_taken_where_they_are_asked_for_by_name() {
    // A sandbox makes its credentials when it starts: those of another one are wrong, but sign.
    let plugin = json!({"credentials": {
        "from": "static-in-configuration",
        "access_key_id": "ASIAEXAMPLE",
        "secret_access_key": "secret",
    }});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 401);
    assert_eq!(trial.upstream.tokens().len(), 1);
    assert!(trial.source.asked().is_empty());
}

#[tokio::test]
async fn where_there_are_none_the_answer_says_so_and_the_cluster_is_not_asked() {
    let cases = [
        (Offer::Status(404), "refused with status 404"),
        (Offer::Status(500), "refused with status 500"),
        (Offer::EndingIn(-1), "have expired"),
    ];
    for (offer, reason) in cases {
        let trial = Trial::start(Setup { offer, ..Setup::default() }).await;
        let answer = trial.client.get(PODS).await;
        assert_eq!(answer.status, 503, "{offer:?}");
        assert!(answer.message().contains(reason), "{}", answer.message());
        assert_eq!(trial.upstream.count(), 0, "the cluster was asked");
        // As soon as there are some, requests pass.
        trial.source.offer(Offer::EndingIn(3_600));
        let deadline = Instant::now() + PATIENCE;
        while trial.client.get(PODS).await.status != 200 {
            assert!(Instant::now() < deadline, "{}", trial.envoy.log());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn a_source_that_the_proxy_does_not_know_is_said() {
    let plugin = json!({"credentials": {"from": "container", "upstream": "nowhere"}});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 503);
    assert!(trial.envoy.log().contains("no upstream of the name in credentials.upstream"));
    assert_eq!(trial.upstream.count(), 0);
}

/// Credentials that ended while the source was silent: nothing passes after that.
#[tokio::test]
async fn nothing_passes_once_the_last_credentials_have_ended() {
    let trial = Trial::start(Setup { offer: Offer::EndingIn(3), ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.envoy.log());
    trial.source.offer(Offer::Status(500));
    let deadline = Instant::now() + PATIENCE;
    while trial.client.get(PODS).await.status == 200 {
        assert!(Instant::now() < deadline, "it goes on with credentials that have ended");
        sleep(Duration::from_millis(50)).await;
    }
    let arrived = trial.upstream.count();
    let answer = trial.client.get(PODS).await;
    assert_eq!(answer.status, 503);
    assert_eq!(trial.upstream.count(), arrived);
    let refused = trial.upstream.headers().len();
    assert_eq!(refused, arrived);
    let secret = trial.upstream.variable(Identity::Reader, "AWS_SECRET_ACCESS_KEY");
    assert!(!trial.envoy.log().contains(&secret));
}
