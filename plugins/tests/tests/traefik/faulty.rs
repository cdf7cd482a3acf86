//! A configuration with a mistake: the log says which, and nothing passes.

use serde_json::json;

use crate::traefik::{Setup, Trial};

#[tokio::test]
async fn each_mistake_is_said_in_the_log_and_nothing_passes() {
    let cases = [
        (
            json!({"callers": {"authenticated_by": "trust"}}),
            "callers.authenticated_by: must be one",
        ),
        (
            json!({"callers": {"authenticated_by": "client-certificate"}}),
            "callers.authenticated_by: cannot be had here",
        ),
        (json!({"credentials": {"from": "vault"}}), "credentials.from: must be one of"),
        (
            json!({"credentials": {"from": "container", "upstream": "x"}}),
            "credentials.from: cannot be had here",
        ),
        (json!({"clusters": [{"name": "a"}]}), "clusters[0].region: is missing"),
        (
            json!({"clusters": [{"name": "a", "region": "eu-central-9x"}]}),
            "clusters[0].region: the region fits no AWS partition",
        ),
        (json!({"cluster": "production"}), "cluster: is unknown"),
        (json!({"interactive": ["ssh"]}), "interactive[0]: must be one of"),
    ];
    for (plugin, reason) in cases {
        let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
        let answer = trial.client.get("/api/v1/pods").await;
        assert_ne!(answer.status, 200, "{reason}");
        assert_eq!(trial.upstream.count(), 0, "the cluster was asked");
        let log = trial.traefik.log();
        assert!(log.contains(&format!("eks-token: {reason}")), "{reason}: {log}");
        for sign in ["panic", "unreachable"] {
            assert!(!log.contains(sign), "{reason}: {log}");
        }
    }
}
