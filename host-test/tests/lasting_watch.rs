//! A watch that goes on across the lives of its tokens, from DescribeCluster to the last event.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eks_token_host::aws::Environment;
use eks_token_host::cluster::{ClusterAccess, ClusterOptions};
use eks_token_host::sandbox::{Identity, Outcome, RequestRecord, Sandbox, SandboxOptions};
use futures_util::{StreamExt as _, pin_mut};
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, ResourceExt as _};
use tokio::time::{Instant, interval, timeout};

/// Of a token, in the sandbox. The client does not know, and learns it by 401.
const LIFETIME: Duration = Duration::from_secs(1);
const LIFETIMES: usize = 5;
/// Nothing here takes nearly as long.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two new pods.
const PACE: Duration = Duration::from_millis(25);

#[tokio::test]
async fn loses_nothing_across_five_lifetimes() {
    let log: Arc<Mutex<Vec<RequestRecord>>> = Arc::default();
    let seen = Arc::clone(&log);
    let options = SandboxOptions {
        pods: 0,
        tokens_live_for: LIFETIME,
        on_request: Some(Arc::new(move |record| {
            seen.lock().expect("no panic").push(record.clone());
        })),
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(options).await.expect("it starts");
    let environment = sandbox.environment(Identity::Reader).into_iter();
    let environment: Environment =
        environment.map(|(name, value)| (name.into(), value.into())).collect();
    let name = sandbox.cluster_name().as_str().to_owned();
    let cluster = ClusterOptions::new(name.try_into().expect("a name"), environment);
    let client = ClusterAccess::find(cluster).await.expect("settings").client();

    let events = watcher(Api::<Pod>::all(client), watcher::Config::default());
    pin_mut!(events);
    let (mut created, mut applied) = (0_u32, BTreeMap::<String, u32>::new());
    let mut pace = interval(PACE);
    let watches = |status| {
        let log = log.lock().expect("no panic");
        log.iter().filter(|it| it.path.contains("watch=true") && it.status == status).count()
    };
    let deadline = Instant::now() + PATIENCE;
    loop {
        tokio::select! {
            _ = pace.tick() => {
                assert!(Instant::now() < deadline, "the watches do not end");
                if watches(200) > LIFETIMES {
                    break;
                }
                sandbox.create_pod(&format!("pod-{created}")).expect("a new pod");
                created += 1;
            }
            event = events.next() => count(event, &mut applied),
        }
    }
    // What is still on its way.
    while applied.len() < usize::try_from(created).expect("a number") {
        let event = timeout(PATIENCE, events.next()).await;
        count(event.expect("an event is missing"), &mut applied);
    }
    assert!(applied.values().all(|times| *times == 1), "{applied:?}");
    println!("{created} events, {} watches, {} times 401", watches(200), watches(401));
    assert!(watches(401) >= LIFETIMES, "the old token was refused each time");
    let log = log.lock().expect("no panic");
    let refused = |it: &&RequestRecord| matches!(it.outcome, Outcome::Refused(_));
    // Once each, and never twice in a row.
    let twice = log.windows(2).any(|pair| pair.iter().filter(refused).count() == 2);
    assert!(!twice, "a renewed token was refused");
}

/// No error may come through.
fn count(event: Option<Result<Event<Pod>, watcher::Error>>, applied: &mut BTreeMap<String, u32>) {
    match event.expect("it goes on").expect("no error is seen") {
        Event::Apply(pod) | Event::InitApply(pod) => {
            *applied.entry(pod.name_any()).or_default() += 1;
        }
        Event::Delete(pod) => panic!("{} is gone", pod.name_any()),
        Event::Init | Event::InitDone => {}
    }
}
