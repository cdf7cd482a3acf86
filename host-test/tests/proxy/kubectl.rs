//! kubectl through the proxy: reading at the sandbox, and `exec` at a cluster that is made up.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use eks_token_host::Clock;
use eks_token_host::aws::Environment;
use eks_token_host::cluster::{ClusterAccess, ClusterOptions};
use eks_token_host::proxy::{ListenAddress, Proxy, ProxyOptions, Rules, Upstream as Cluster};
use eks_token_host::sandbox::{Identity, Sandbox, SandboxOptions};
use futures_util::StreamExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client, Config, ResourceExt as _};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::time::{Instant, timeout};

use super::client::PATIENCE;
use super::outcome::{stderr, success};
use super::trial::{Trial, listener, route};

/// Of a token, in the sandbox; the proxy learns of it by 401.
const LIFETIME: Duration = Duration::from_secs(1);

/// None where there is no kubectl.
fn kubectl(home: &std::path::Path, address: std::net::SocketAddr) -> Option<Command> {
    if Command::new("kubectl").arg("version").arg("--client").output().is_err() {
        eprintln!("skipped: there is no kubectl on PATH");
        return None;
    }
    let mut command = Command::new("kubectl");
    command.env("HOME", home).env_remove("KUBECONFIG").stdin(Stdio::null());
    command.arg(format!("--server=http://{address}"));
    Some(command)
}

async fn run(command: Command) -> Output {
    let mut command = tokio::process::Command::from(command);
    let run = command.kill_on_drop(true).output();
    timeout(PATIENCE, run).await.expect("it ends").expect("it runs")
}

async fn before(sandbox: &Sandbox) -> (Proxy, std::net::SocketAddr) {
    let environment = sandbox.environment(Identity::Reader).into_iter();
    let environment: Environment =
        environment.map(|(name, value)| (name.into(), value.into())).collect();
    let name = sandbox.cluster_name().as_str().to_owned();
    let options = ClusterOptions::new(name.try_into().expect("a name"), environment);
    let access = std::sync::Arc::new(ClusterAccess::find(options).await.expect("settings"));
    let cluster = Cluster {
        name: "sandbox".to_owned(),
        locator: std::sync::Arc::clone(&access) as _,
        tokens: access,
        clock: Clock::default(),
    };
    let listeners = vec![listener(route(cluster, Rules::reading()))];
    let proxy = Proxy::start(ProxyOptions { listeners, metrics: None }).await.expect("it starts");
    let addresses = proxy.addresses().await;
    let [ListenAddress::Tcp(address)] = addresses[..] else { panic!("{addresses:?}") };
    (proxy, address)
}

async fn sandbox(watches_end_with_token: bool) -> Sandbox {
    let options = SandboxOptions {
        pods: 2,
        tokens_live_for: LIFETIME,
        watches_end_with_token,
        ..SandboxOptions::default()
    };
    Sandbox::start(options).await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_and_does_not_write() {
    let sandbox = sandbox(true).await;
    let (_proxy, address) = before(&sandbox).await;
    let home = tempfile::tempdir().expect("a folder");
    let Some(mut command) = kubectl(home.path(), address) else { return };
    command.args(["get", "pods", "--all-namespaces", "--no-headers"]);
    assert_eq!(success(&run(command).await).lines().count(), 2);
    let mut command = kubectl(home.path(), address).expect("it is there");
    command.args(["create", "namespace", "mine"]);
    let refused = run(command).await;
    assert!(!refused.status.success());
    let said = stderr(&refused);
    assert!(said.contains("Forbidden") && said.contains("reading only"), "{said}");
}

/// kube-apiserver lets a watch go on when its token ends: so does the proxy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watches_for_three_lifetimes() {
    let sandbox = sandbox(false).await;
    let (_proxy, address) = before(&sandbox).await;
    let home = tempfile::tempdir().expect("a folder");
    let Some(mut command) = kubectl(home.path(), address) else { return };
    command.args(["get", "pods", "--watch-only", "--no-headers"]).stdout(Stdio::piped());
    let mut command = tokio::process::Command::from(command);
    let mut watching = command.kill_on_drop(true).spawn().expect("it runs");
    let mut lines = BufReader::new(watching.stdout.take().expect("a pipe")).lines();
    let client = plain_client(address);
    let begun = Instant::now();
    for number in 0..7 {
        sandbox.create_pod(&format!("new-{number}")).expect("a pod");
        // Other requests go on, and renew the token.
        Api::<Pod>::all(client.clone())
            .list(&kube::api::ListParams::default())
            .await
            .expect("a list");
        if number > 0 {
            tokio::time::sleep_until(begun + LIFETIME * number / 2).await;
        }
    }
    assert!(begun.elapsed() >= 3 * LIFETIME);
    // The watch began somewhere among them, and has missed none since.
    let mut seen = Vec::new();
    while seen.last().is_none_or(|name: &String| name != "new-6") {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("an event is missing");
        let line = line.expect("text").expect("the watch goes on");
        seen.push(line.split(' ').next().expect("a name").to_owned());
    }
    let expected: Vec<_> = (7 - seen.len()..7).map(|number| format!("new-{number}")).collect();
    assert_eq!(seen, expected);
    assert!(seen.len() > 4, "{seen:?}");
}

fn plain_client(address: std::net::SocketAddr) -> Client {
    let mut config = Config::new(format!("http://{address}").parse().expect("a URL"));
    config.proxy_url = None;
    Client::try_from(config).expect("a client")
}

/// Where a watch ends with its token, the end is passed on. Clients watch again from where they
/// were, and lose nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_that_is_ended_goes_on_without_a_loss() {
    let sandbox = sandbox(true).await;
    let (_proxy, address) = before(&sandbox).await;
    let events = watcher(Api::<Pod>::all(plain_client(address)), watcher::Config::default());
    futures_util::pin_mut!(events);
    let mut seen = std::collections::BTreeSet::new();
    let (mut created, begun) = (0, Instant::now());
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    while begun.elapsed() < LIFETIME * 7 / 2 || seen.len() < created + 2 {
        assert!(begun.elapsed() < PATIENCE, "{} of {}", seen.len(), created + 2);
        tokio::select! {
            _ = pace.tick(), if begun.elapsed() < LIFETIME * 7 / 2 => {
                sandbox.create_pod(&format!("pod-{created}")).expect("a pod");
                created += 1;
            }
            event = events.next() => match event.expect("it goes on").expect("no error is seen") {
                Event::Apply(pod) | Event::InitApply(pod) => {
                    assert!(seen.insert(pod.name_any()), "twice: {}", pod.name_any());
                }
                _ => {}
            }
        }
    }
}

async fn exec(address: std::net::SocketAddr, home: &std::path::Path) -> Option<Output> {
    let mut command = kubectl(home, address)?;
    command.args(["exec", "-i", "pod", "--", "cat"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut command = tokio::process::Command::from(command);
    let mut child = command.kill_on_drop(true).spawn().expect("it runs");
    // Where it is refused, it reads nothing.
    let mut stdin = child.stdin.take().expect("a pipe");
    let _ = stdin.write_all(b"through the proxy\n").await;
    drop(stdin);
    let run = child.wait_with_output();
    Some(timeout(PATIENCE, run).await.expect("it ends").expect("it runs"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exec_is_refused_until_it_is_allowed() {
    let home = tempfile::tempdir().expect("a folder");
    let trial = Trial::start().await;
    let Some(output) = exec(trial.address, home.path()).await else { return };
    assert!(!output.status.success());
    let said = stderr(&output);
    assert!(said.contains("does not allow exec"), "{said}");
    let rules = Rules::from_value(&json!({"interactive": ["exec"]})).expect("rules");
    let trial = Trial::with(|options| options.routes[0].rules = rules).await;
    let output = exec(trial.address, home.path()).await.expect("it is there");
    assert_eq!(success(&output), "through the proxy\n", "{}", stderr(&output));
    let upgrades = trial.upstream.seen();
    let upgrade = upgrades.iter().find(|seen| seen.target.contains("/exec?")).expect("an exec");
    assert_eq!(upgrade.headers["sec-websocket-protocol"], "v5.channel.k8s.io");
}
