//! One token for all, renewed ahead of its end and where it is refused.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use super::client::{ask, get, until};
use super::trial::{Trial, everything};

#[tokio::test]
async fn a_hundred_cold_requests_make_one_token() {
    let trial = Trial::start().await;
    let asking = (0..100).map(|_| tokio::spawn(get_api(trial.address))).collect::<Vec<_>>();
    for answer in asking {
        assert_eq!(answer.await.expect("no panic"), 200);
    }
    assert_eq!(trial.source.made.load(SeqCst), 1);
    assert_eq!(trial.source.located.load(SeqCst), 1);
    assert_eq!(trial.upstream.seen().len(), 100);
}

async fn get_api(address: std::net::SocketAddr) -> u16 {
    get(address, "/api", &[]).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_renewed_under_load_without_a_failure() {
    let trial = Trial::start().await;
    let address = trial.address;
    let load = |count| async move {
        for _ in 0..count {
            assert_eq!(get(address, "/api", &[]).await.status, 200);
        }
    };
    let loads: Vec<_> = (0..8).map(|_| tokio::spawn(load(100))).collect();
    // Five times the cluster takes the old token no more.
    for lowest in 1..=5 {
        let asked = trial.upstream.seen().len();
        trial.upstream.state.lowest_token.store(lowest, SeqCst);
        until(|| trial.upstream.seen().len() > asked + 60).await;
    }
    for load in loads {
        load.await.expect("a request failed");
    }
    assert_eq!(trial.source.made.load(SeqCst), 6, "one for each");
    assert_eq!(trial.upstream.tokens().len(), 6);
}

#[tokio::test]
async fn is_renewed_ahead_of_its_end_without_a_request() {
    let trial = Trial::start().await;
    get(trial.address, "/api", &[]).await;
    trial.source.clock.fetch_add(840 - 60, SeqCst);
    until(|| trial.source.made.load(SeqCst) == 2).await;
    get(trial.address, "/api", &[]).await;
    assert_eq!(trial.upstream.seen()[1].headers["authorization"], "Bearer token-1");
}

#[tokio::test]
async fn a_request_with_a_body_is_never_sent_twice() {
    let trial = Trial::with(|options| options.routes[0].rules = everything()).await;
    get(trial.address, "/api", &[]).await;
    trial.upstream.state.lowest_token.store(1, SeqCst);
    assert_eq!(ask(trial.address, "POST", "/api", &[], "{}").await.status, 401);
    assert_eq!(trial.upstream.seen().len(), 2);
    // But the next one has another token, and one without a body is repeated.
    assert_eq!(ask(trial.address, "POST", "/api", &[], "{}").await.status, 200);
    trial.upstream.state.lowest_token.store(2, SeqCst);
    assert_eq!(ask(trial.address, "DELETE", "/api", &[], "").await.status, 200);
    assert_eq!(trial.source.made.load(SeqCst), 3);
}

#[tokio::test]
async fn a_cluster_that_takes_no_token_is_not_shown_ever_more() {
    let trial = Trial::start().await;
    trial.upstream.state.lowest_token.store(u64::MAX, SeqCst);
    for _ in 0..20 {
        assert_eq!(get(trial.address, "/api", &[]).await.status, 401);
    }
    assert_eq!(trial.source.made.load(SeqCst), 2);
}

#[tokio::test]
async fn without_credentials_the_cluster_is_not_asked() {
    let trial = Trial::start().await;
    trial.source.fails.store(true, SeqCst);
    let answer = get(trial.address, "/api", &[]).await;
    assert_eq!(answer.status, 503);
    let message = answer.message();
    assert!(message.contains("no token") && message.contains("credentials expired"), "{message}");
    assert_eq!(trial.upstream.state.connections.load(SeqCst), 0);
    // They come, and end.
    trial.source.fails.store(false, SeqCst);
    trial.source.clock.fetch_add(1, SeqCst);
    assert_eq!(get(trial.address, "/api", &[]).await.status, 200);
    trial.source.fails.store(true, SeqCst);
    trial.source.clock.fetch_add(839, SeqCst);
    assert_eq!(get(trial.address, "/api", &[]).await.status, 200, "the token is good to its end");
    trial.source.clock.fetch_add(1, SeqCst);
    assert_eq!(get(trial.address, "/api", &[]).await.status, 503);
    assert_eq!(trial.upstream.seen().len(), 2);
}

#[tokio::test]
async fn a_failure_is_not_repeated_for_each_who_waits() {
    let trial = Trial::start().await;
    trial.source.fails.store(true, SeqCst);
    let asking = (0..50).map(|_| tokio::spawn(get_api(trial.address))).collect::<Vec<_>>();
    for answer in asking {
        assert_eq!(answer.await.expect("no panic"), 503);
    }
    assert_eq!(trial.upstream.state.connections.load(SeqCst), 0);
    drop(Arc::clone(&trial.source));
}
