//! Ways into a container, where they are open: bytes both ways, whatever the protocol.

use std::sync::atomic::Ordering::SeqCst;

use eks_token_host::proxy::Rules;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::client::{PATIENCE, begin, get, until};
use super::trial::Trial;

const SPDY: &str = "POST /api/v1/namespaces/default/pods/pod/portforward HTTP/1.1\nHost: {host}\n\
                    Connection: Upgrade\nUpgrade: SPDY/3.1\n\
                    X-Stream-Protocol-Version: portforward.k8s.io\nContent-Length: 0\n\n";

async fn port_forward_alone() -> Trial {
    let rules = Rules::from_value(&json!({"interactive": ["port-forward"]})).expect("rules");
    Trial::with(|options| options.routes[0].rules = rules).await
}

#[tokio::test]
async fn spdy_passes_both_ways_and_each_end_ends_for_itself() {
    let trial = port_forward_alone().await;
    let (mut stream, answer) = begin(trial.address, SPDY).await;
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    assert!(answer.contains("upgrade: spdy/3.1"), "{answer}");
    let seen = &trial.upstream.seen()[0];
    assert_eq!(seen.headers["x-stream-protocol-version"], "portforward.k8s.io");
    assert_eq!(seen.headers["authorization"], "Bearer token-0");
    // More than any buffer on the way.
    let sent: Vec<u8> = (0..4_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    let (mut reading, mut writing) = stream.split();
    let mut received = Vec::new();
    let write = async {
        writing.write_all(&sent).await.expect("it is sent");
        // One side has said all; the other has not.
        writing.shutdown().await.expect("it is closed");
    };
    let both = async { tokio::join!(write, reading.read_to_end(&mut received)).1 };
    timeout(PATIENCE, both).await.expect("it ends").expect("no error");
    assert_eq!(received.len(), sent.len() + 3);
    assert!(received.starts_with(&sent) && received.ends_with(b"end"));
    until(|| trial.upstream.state.ended_tunnels.load(SeqCst) == 1).await;
}

#[tokio::test]
async fn what_comes_with_the_head_is_not_lost() {
    let trial = port_forward_alone().await;
    let (mut stream, answer) = begin(trial.address, &format!("{SPDY}early")).await;
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    let mut early = [0; 5];
    timeout(PATIENCE, stream.read_exact(&mut early)).await.expect("it comes").expect("no error");
    assert_eq!(&early, b"early");
}

#[tokio::test]
async fn each_way_is_opened_by_its_own_name() {
    let trial = port_forward_alone().await;
    let upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
    for way in ["exec", "attach", "proxy"] {
        let path = format!("/api/v1/namespaces/default/pods/pod/{way}");
        assert_eq!(get(trial.address, &path, &upgrade).await.status, 403, "{way}");
    }
    assert!(trial.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_caller_that_is_gone_ends_the_tunnel() {
    let trial = port_forward_alone().await;
    let (stream, _) = begin(trial.address, SPDY).await;
    drop(stream);
    until(|| trial.upstream.state.ended_tunnels.load(SeqCst) == 1).await;
}
