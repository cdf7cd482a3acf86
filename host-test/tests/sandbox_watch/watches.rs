//! Watches that miss nothing.

use std::fmt::Write as _;

use kube::Api;
use kube::api::{ListParams, WatchParams};

use super::events::Events;
use super::trial::Trial;

fn without_bookmarks() -> WatchParams {
    WatchParams { bookmarks: false, ..WatchParams::default() }
}

#[tokio::test]
async fn changes_are_told_in_their_order() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    trial.create("b");
    let version = pods.list(&ListParams::default()).await.expect("a list").metadata;
    let version = version.resource_version.expect("a version");
    assert_eq!(version, "4712");
    let mut events = Events::of(&pods, &WatchParams::default(), &version).await;
    trial.create("a");
    events.assert_next(&["+a 4713"]).await;
    trial.delete("b");
    trial.create("c");
    trial.delete("a");
    events.assert_next(&["-b 4714", "+c 4715", "-a 4716"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_watch_from_nowhere_begins_with_what_there_is() {
    let trial = Trial::empty().await;
    trial.create("b");
    trial.create("a");
    for version in ["", "0"] {
        let mut events = Events::of(&trial.pods(), &WatchParams::default(), version).await;
        events.assert_next(&["+a 4713", "+b 4712"]).await;
    }
    let mut events = Events::of(&trial.pods(), &WatchParams::default(), "0").await;
    events.assert_next(&["+a 4713", "+b 4712"]).await;
    trial.create("c");
    events.assert_next(&["+c 4714"]).await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn nothing_is_lost_between_two_watches() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    let mut events = Events::of(&pods, &WatchParams::default(), "4711").await;
    trial.create("a");
    events.assert_next(&["+a 4712"]).await;
    drop(events);
    trial.create("b");
    trial.delete("a");
    let mut events = Events::of(&pods, &WatchParams::default(), "4712").await;
    trial.create("c");
    events.assert_next(&["+b 4713", "-a 4714", "+c 4715"]).await;
    trial.sandbox.stop().await;
}

/// Watches that come and go while pods do: put together, they tell of every change once.
#[tokio::test]
async fn nothing_is_lost_under_load() {
    let trial = Trial::empty().await;
    let pods = trial.pods();
    let mut seen = String::new();
    let mut expected = String::new();
    let mut version = 4711;
    for round in 0..20 {
        let from = version.to_string();
        let mut events = Events::of(&pods, &WatchParams::default(), &from).await;
        for index in 0..20 {
            trial.create(&format!("pod-{round}-{index}"));
            let _ = writeln!(expected, "+pod-{round}-{index} {}", 4712 + round * 20 + index);
        }
        // Some are left for the next watch, and with the last round none.
        while version < 4711 + round * 20 + if round == 19 { 20 } else { 13 } {
            let event = events.next().await.expect("it goes on");
            version = event.rsplit(' ').next().and_then(|v| v.parse().ok()).expect("a version");
            let _ = writeln!(seen, "{event}");
        }
    }
    assert_eq!(seen, expected);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn bookmarks_are_for_those_who_ask() {
    let trial = Trial::empty().await;
    trial.create("a");
    let pods = trial.pods();
    // That nothing was to be told of makes the bookmark no older.
    let only_b = WatchParams::default().timeout(1).labels("run=b");
    let mut events = Events::of(&pods, &only_b, "4711").await;
    events.assert_next(&["= 4712"]).await;
    events.assert_end().await;
    let mut events = Events::of(&pods, &without_bookmarks().timeout(1), "4711").await;
    events.assert_next(&["+a 4712"]).await;
    events.assert_end().await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn selectors_hold_for_watches() {
    let trial = Trial::with(|options| options.pods = 12).await;
    let client = trial.client(&trial.token());
    let params = WatchParams::default().labels("run in (a, c)");
    let mut by_label = Events::of(&Api::all(client.clone()), &params, "4711").await;
    let params = WatchParams::default().fields("metadata.name=b");
    let mut by_name = Events::of(&Api::default_namespaced(client.clone()), &params, "0").await;
    let other = Api::namespaced(client, "kube-system");
    let mut elsewhere = Events::of(&other, &WatchParams::default().timeout(2), "4711").await;
    for name in ["a", "b", "c"] {
        trial.create(name);
    }
    trial.delete("a");
    by_label.assert_next(&["+a 4712", "+c 4714", "-a 4715"]).await;
    by_name.assert_next(&["+b 4713"]).await;
    elsewhere.assert_next(&["= 4715"]).await;
    elsewhere.assert_end().await;
    trial.sandbox.stop().await;
}
