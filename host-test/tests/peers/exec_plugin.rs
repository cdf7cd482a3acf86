//! Clients that run `eks-token` as their exec plugin, and again when its token has expired.

use std::fs;
use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use eks_token_host::Clock;
use eks_token_host::sandbox::Identity;
use serde_json::json;

use crate::running::{EKS_TOKEN, Running};
use crate::support::{peer, script};

const PODS: usize = 7;
/// What a token claims to live, by the end of its credentials.
const CLAIMED: u64 = 2;
/// For how long the server takes it: a little longer, for a request that is on its way.
const ACCEPTED: Duration = Duration::from_secs(4);
/// The lives of two tokens.
const TRIAL: Duration = Duration::from_secs(9);

/// A sandbox, and a kubeconfig whose plugin writes a line each time it runs.
struct Trial {
    sandbox: Running,
    kubeconfig: PathBuf,
    runs: PathBuf,
}

impl Trial {
    fn start() -> Self {
        let sandbox = Running::with(PODS, |options| {
            options.clock = Clock::default();
            options.tokens_live_for = ACCEPTED;
        });
        let home = sandbox.home.path();
        let (plugin, runs) = (home.join("plugin"), home.join("runs"));
        let text = format!(
            "#!/bin/sh\necho run >> {}\n\
             AWS_CREDENTIAL_EXPIRATION=$(date -u -d '+{CLAIMED} seconds' +%Y-%m-%dT%H:%M:%SZ)\n\
             export AWS_CREDENTIAL_EXPIRATION\nexec {EKS_TOKEN} \"$@\"\n",
            runs.display()
        );
        fs::write(&plugin, text).expect("a file");
        fs::set_permissions(&plugin, fs::Permissions::from_mode(0o700)).expect("a mode");
        let kubeconfig = home.join("kubeconfig");
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {
                "server": sandbox.url, "certificate-authority": sandbox.ca(),
            }}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
            "users": [{"name": "c", "user": {"exec": {
                "apiVersion": "client.authentication.k8s.io/v1",
                "command": plugin,
                "args": ["get-token", "--cluster-name", sandbox.cluster],
                "interactiveMode": "Never",
            }}}],
        });
        fs::write(&kubeconfig, config.to_string()).expect("a file");
        Self { sandbox, kubeconfig, runs }
    }

    /// Asks `list` over and over for as long as two tokens live; each answer has all pods.
    fn ask(&self, mut list: impl FnMut() -> String) {
        let end = Instant::now() + TRIAL;
        let mut lists = 0;
        while Instant::now() < end {
            assert_eq!(list(), PODS.to_string(), "list {lists}");
            lists += 1;
        }
        let runs = fs::read_to_string(&self.runs).expect("it ran").lines().count();
        println!("{lists} lists, {runs} runs of the plugin");
        assert!(runs >= 3, "{runs}");
    }

    fn program(&self, name: &Path) -> Command {
        let mut command = self.sandbox.program(name.to_str().expect("a path"), Identity::Reader);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdout(Stdio::piped());
        command
    }
}

fn line(output: &mut impl std::io::BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("text");
    line.trim_end().to_owned()
}

#[test]
fn the_python_client_renews() {
    let trial = Trial::start();
    let mut command = trial.program(&peer("python"));
    command.arg(script("list_pods.py")).arg(&trial.kubeconfig).stdin(Stdio::piped());
    let mut child = command.spawn().expect("Python runs");
    let mut questions = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
    trial.ask(|| {
        writeln!(questions).expect("it listens");
        line(&mut answers)
    });
    drop(questions);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn kubectl_renews() {
    let Some(kubectl) = find_kubectl() else {
        eprintln!("skipped: there is no kubectl on PATH");
        return;
    };
    let trial = Trial::start();
    let mut list = trial.program(&kubectl);
    list.arg("--kubeconfig").arg(&trial.kubeconfig).args(["get", "pods", "-A", "-o", "name"]);
    let output = list.output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), PODS);
    // A kubectl that stays, as Helm, Terraform and Argo CD do.
    let mut proxy = trial.program(&kubectl);
    proxy.arg("--kubeconfig").arg(&trial.kubeconfig).args(["proxy", "--port=0"]);
    let mut proxy = Guard(proxy.spawn().expect("it runs"));
    let greeting = line(&mut BufReader::new(proxy.0.stdout.as_mut().expect("a pipe")));
    let address = greeting.rsplit(' ').next().expect("an address").to_owned();
    trial.ask(|| {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        let request = "GET /api/v1/pods HTTP/1.0\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let list: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        list["items"].as_array().map_or(answer, |items| items.len().to_string())
    });
}

/// Ends with the test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn find_kubectl() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("kubectl")).find(|file| file.is_file())
}
