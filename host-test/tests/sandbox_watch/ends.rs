//! How watches end: with their token, with the sandbox, or because they are too late.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::WatchParams;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::events::Events;
use super::trial::{NOW, PATIENCE, Trial, get};

#[tokio::test]
async fn a_watch_ends_with_its_token() {
    let lifetime = Duration::from_mins(1);
    let trial = Trial::with(|options| {
        (options.pods, options.tokens_live_for) = (0, lifetime);
    })
    .await;
    let token = trial.token();
    let old = trial.client(&token);
    let pods: Api<Pod> = Api::all(old.clone());
    // In its last two seconds.
    trial.set_clock(NOW + 59);
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    trial.create("a");
    events.assert_next(&["+a 4712", "= 4712"]).await;
    events.assert_end().await;
    trial.set_clock(NOW + 61);
    assert_eq!(get(&old, "/api/v1/pods").await, Err(401));
    assert_eq!(get(&old, "/api/v1/pods?watch=true").await, Err(401));
    // With a new one it goes on from there.
    trial.create("b");
    let mut events = Events::of(&trial.pods(), &WatchParams::default(), "4712").await;
    events.assert_next(&["+b 4713"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_watch_can_outlive_its_token() {
    let trial = Trial::with(|options| {
        options.pods = 0;
        options.watches_end_with_token = false;
    })
    .await;
    let client = trial.client(&trial.token());
    let pods = Api::all(client.clone());
    // In its last second.
    trial.set_clock(NOW + 900);
    let mut events = Events::of(&pods, &WatchParams::default().timeout(4), "4711").await;
    let mut second = Events::of(&pods, &WatchParams::default().timeout(1), "4711").await;
    second.assert_next(&["= 4711"]).await;
    second.assert_end().await;
    trial.set_clock(NOW + 901);
    assert_eq!(get(&client, "/api/v1/pods").await, Err(401));
    trial.create("a");
    events.assert_next(&["+a 4712", "= 4712"]).await;
    events.assert_end().await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn tokens_live_no_longer_than_those_of_eks() {
    let trial = Trial::with(|options| options.tokens_live_for = Duration::from_hours(1)).await;
    let client = trial.client(&trial.token());
    trial.set_clock(NOW + 900);
    assert!(get(&client, "/api/v1/pods").await.is_ok());
    trial.set_clock(NOW + 901);
    assert_eq!(get(&client, "/api/v1/pods").await, Err(401));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn stopping_ends_watches_at_once_and_cleanly() {
    let (sender, mut answered) = mpsc::unbounded_channel();
    let trial = Trial::with(|options| {
        options.pods = 0;
        options.on_request = Some(Arc::new(move |record| {
            let _ = sender.send(record.status);
        }));
    })
    .await;
    let client = trial.client(&trial.token());
    let watching = tokio::spawn(async move {
        get(&client, "/api/v1/pods?watch=1&resourceVersion=4711&allowWatchBookmarks=true").await
    });
    assert_eq!(timeout(PATIENCE, answered.recv()).await.expect("it begins"), Some(200));
    // No longer than the sandbox waits for what does not end.
    timeout(Duration::from_millis(900), trial.sandbox.stop()).await.expect("at once");
    let body = timeout(PATIENCE, watching).await.expect("it ends").expect("no panic");
    let body = body.expect("success");
    let last: Value = serde_json::from_str(body.strip_suffix('\n').expect("a line")).expect("JSON");
    assert_eq!(last["type"], "BOOKMARK");
    assert_eq!(last["object"]["kind"], "Pod");
    assert_eq!(last["object"]["metadata"]["resourceVersion"], "4711");
}

#[tokio::test]
async fn what_is_too_old_is_gone() {
    let trial = Trial::with(|options| (options.pods, options.kept_changes) = (0, 2)).await;
    for name in ["a", "b", "c"] {
        trial.create(name);
    }
    let pods = trial.pods();
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    events.assert_next(&["! 410 Expired"]).await;
    events.assert_end().await;
    let mut events = Events::of(&pods, &WatchParams::default(), "4712").await;
    events.assert_next(&["+b 4713", "+c 4714"]).await;
    let client = pods.into_client();
    let list =
        |version| format!("/api/v1/pods?resourceVersion={version}&resourceVersionMatch=Exact");
    assert_eq!(get(&client, &list(4711)).await, Err(410));
    let body = get(&client, &list(4712)).await.expect("a list");
    assert_eq!(body.matches("\"uid\"").count(), 1, "{body}");
    trial.sandbox.stop().await;
}
