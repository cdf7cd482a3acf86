//! The file of credentials: what it may be, what happens when it changes or ends.

use std::time::{Duration, UNIX_EPOCH};

use eks_token_host::sandbox::Identity;
use eks_token_plugin_tests::parameter;
use eks_token_signer::{Day, DayKey, SigningMaterial, SigningTime};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::traefik::{Setup, Trial, shared_file};

const PODS: &str = "/api/v1/pods?limit=1";
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn where_there_are_none_the_answer_says_so_and_the_cluster_is_not_asked() {
    let expired = "[default]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = secret\n\
                   x_security_token_expires = 2023-11-14T22:13:20Z\n";
    let cases = [
        ("", "cannot be read"),
        ("[other]\naws_access_key_id = ASIAEXAMPLE\n", "cannot be read"),
        ("{\"AccessKeyId\": \"ASIAEXAMPLE\"", "cannot be read"),
        (expired, "have expired"),
    ];
    for (text, reason) in cases {
        let trial =
            Trial::start(Setup { credentials: Some(text.to_owned()), ..Setup::default() }).await;
        let answer = trial.client.get(PODS).await;
        assert_eq!(answer.status, 503, "{text}: {}", trial.traefik.log());
        assert!(answer.message().contains(reason), "{text}: {}", answer.message());
        assert_eq!(trial.upstream.count(), 0, "the cluster was asked");
        // As soon as there are some, requests pass.
        trial.replace_credentials(&shared_file(&trial.upstream, None));
        until_status(&trial, 200).await;
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_said() {
    let credentials = json!({"from": "file", "path": "/run/elsewhere/credentials"});
    let plugin = json!({"credentials": credentials});
    let trial = Trial::start(Setup { plugin, ..Setup::default() }).await;
    let answer = trial.client.get(PODS).await;
    assert_eq!(answer.status, 503);
    assert!(answer.message().contains("has no AWS credentials"), "{}", answer.message());
}

#[tokio::test]
async fn new_ones_are_taken_and_broken_ones_are_not() {
    let trial = Trial::start(Setup::default()).await;
    assert_eq!(trial.client.get(PODS).await.status, 200, "{}", trial.traefik.log());
    trial.replace_credentials("[default]\naws_access_key_id = ASIA");
    // Long enough for every guest to look.
    sleep(Duration::from_millis(1_500)).await;
    // A guest goes on with what it has; one that Traefik has just made has nothing yet.
    let status = trial.client.get(PODS).await.status.as_u16();
    assert!([200, 503].contains(&status), "{status}: {}", trial.traefik.log());
    // Credentials of nobody sign, and the cluster sees whose they are.
    trial.replace_credentials(
        "[default]\naws_access_key_id = ASIANOBODY\naws_secret_access_key = secret\n",
    );
    until_status(&trial, 401).await;
    let token = trial.upstream.tokens().pop().expect("a token");
    assert!(parameter(&token, "X-Amz-Credential").starts_with("ASIANOBODY%2F"));
}

#[tokio::test]
async fn day_keys_are_enough() {
    let upstream_first =
        Trial::start(Setup { credentials: Some(String::new()), ..Setup::default() });
    let trial = upstream_first.await;
    let credentials = trial.upstream.sandbox().credentials(Identity::Reader);
    let SigningMaterial::SecretAccessKey(secret) = &credentials.material else {
        panic!("the sandbox gives secrets")
    };
    let now = UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let region = trial.upstream.sandbox().region();
    let day = |second| SigningTime::from_unix_seconds(second).expect("a time").day();
    let key = |day: Day| {
        let key = DayKey::derive(secret, region.clone(), day);
        json!({"day": day.number(), "key": hex(key.key.expose())})
    };
    let file = json!({
        "version": 1,
        "accessKeyId": credentials.access_key_id.as_str(),
        "sessionToken": credentials.session_token.as_ref().expect("one").expose(),
        "region": region.as_str(),
        "keys": [key(day(now)), key(day(now + 86_400))],
    });
    trial.replace_credentials(&file.to_string());
    until_status(&trial, 200).await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A guest looks once a second, and there are several.
async fn until_status(trial: &Trial, status: u16) {
    let deadline = Instant::now() + PATIENCE;
    while trial.client.get(PODS).await.status != status {
        assert!(Instant::now() < deadline, "{}", trial.traefik.log());
        sleep(Duration::from_millis(50)).await;
    }
}
