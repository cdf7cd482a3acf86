//! Configuration and credentials: from variables or from the host's store, and what is answered where
//! there are none.

use serde_json::json;

use crate::jco::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";

#[tokio::test]
async fn both_may_stand_in_the_store_of_the_host() {
    let trial = Trial::start(Setup { reads_store: true, ..Setup::default() }).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.jco.log());
}

#[tokio::test]
async fn without_credentials_or_with_ended_ones_the_cluster_is_not_asked() {
    let ended = vec![
        ("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_CREDENTIAL_EXPIRATION", "2023-11-14T22:13:20Z".to_owned()),
    ];
    for (credentials, reason) in [(vec![], "no AWS credentials"), (ended, "have expired")] {
        let setup = Setup { credentials: Some(credentials), ..Setup::default() };
        let trial = Trial::start(setup).await;
        let answer = trial.client.get(PODS).await;
        assert_eq!(answer.status, 503, "{}", trial.jco.log());
        assert!(answer.message().contains(reason), "{}", answer.message());
        assert_eq!(trial.upstream.count(), 0, "the cluster was asked");
    }
}

#[tokio::test]
async fn a_mistake_is_said_in_the_log_and_nothing_passes() {
    let cases = [
        (json!({"callers": {}}), "callers.authenticated_by: is missing"),
        (json!({"credentials": {"from": "file", "path": "/x"}}), "credentials.from: cannot be had"),
        (json!({"interactive": ["ssh"]}), "interactive[0]: must be one of"),
    ];
    for (config, reason) in cases {
        let trial = Trial::start(Setup { config, ..Setup::default() }).await;
        assert_eq!(trial.client.get(PODS).await.status, 503);
        assert_eq!(trial.upstream.count(), 0, "the cluster was asked");
        let log = trial.jco.log();
        assert!(log.contains(&format!("eks-token: EKS_TOKEN_CONFIG: {reason}")), "{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}
