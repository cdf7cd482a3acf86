//! Tokens: renewed under load, and the same that anyone else would make.

use std::time::Duration;

use eks_token_plugin_tests::{Load, made_anew};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::jco::{Setup, Trial};

const PODS: &str = "/api/v1/pods?limit=1";

#[tokio::test]
async fn are_renewed_under_load_without_a_failed_request() {
    const LIVES: usize = 4;
    let config = json!({"clusters": [
        {"name": "sandbox", "region": "eu-central-1", "token_lifetime_seconds": 3},
    ]});
    let sandbox = |options: &mut eks_token_host::sandbox::SandboxOptions| {
        options.tokens_live_for = Duration::from_secs(3);
    };
    let trial = Trial::start(Setup { config, sandbox, ..Setup::default() }).await;
    let load = Load::begin(&trial.client, PODS);
    let deadline = Instant::now() + Duration::from_mins(1);
    while trial.upstream.tokens().len() <= LIVES {
        assert!(Instant::now() < deadline, "tokens are not renewed");
        sleep(Duration::from_millis(50)).await;
    }
    let (good, failed) = load.end();
    assert_eq!(failed, 0, "{}", trial.jco.log());
    assert!(good > 20, "{good}");
}

#[tokio::test]
async fn anyone_else_would_make_the_same() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.jco.log());
    let token = trial.upstream.tokens().pop().expect("a token");
    assert_eq!(made_anew(&trial.upstream, &token), token);
}
