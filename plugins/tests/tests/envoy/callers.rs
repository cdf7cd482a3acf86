//! Who may.

use http::Method;
use serde_json::json;

use crate::envoy::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";
/// SHA-256 of `open sesame`.
const SESAME: &str = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

#[tokio::test]
async fn callers_with_a_bearer_of_the_proxy() {
    let plugin = json!({"callers": {"authenticated_by": "bearer", "sha256": [SESAME]}});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let ask = async |headers: &[(&str, &[u8])]| {
        trial.client.ask(Method::GET, PODS, headers).await.status.as_u16()
    };
    assert_eq!(ask(&[]).await, 401);
    assert_eq!(ask(&[("Authorization", b"Bearer open barley")]).await, 401);
    assert_eq!(trial.upstream.count(), 0);
    assert_eq!(ask(&[("Authorization", b"Bearer open sesame")]).await, 200);
    let arrived = trial.upstream.headers().pop().expect("a request");
    assert!(!format!("{arrived:?}").contains("sesame"));
}

#[tokio::test]
async fn callers_without_a_certificate_where_one_is_wanted() {
    let plugin = json!({"callers": {"authenticated_by": "client-certificate"}});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let answer = trial.client.get(PODS).await;
    assert_eq!(answer.status, 401);
    assert!(answer.message().contains("client certificate"), "{}", answer.message());
    assert_eq!(trial.upstream.count(), 0);
}
