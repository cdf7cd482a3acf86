//! What no output may hold: eight bytes in a row of a secret, a session token or a bearer token.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;
#[path = "common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_host::sandbox::Identity;
use outcome::success;
use running::{EKS_TOKEN, Running};

const FRAGMENT: usize = 8;

/// Everything secret of one identity, in pieces.
struct Secrets(HashSet<Vec<u8>>);

impl Secrets {
    fn of(sandbox: &Running) -> Self {
        let mut secrets = Self(HashSet::new());
        let command = sandbox.program(EKS_TOKEN, Identity::Reader);
        for (name, value) in command.get_envs() {
            if name == "AWS_SECRET_ACCESS_KEY" || name == "AWS_SESSION_TOKEN" {
                secrets.add(value.expect("a value").as_encoded_bytes());
            }
        }
        secrets
    }

    fn add(&mut self, secret: &[u8]) {
        self.0.extend(secret.windows(FRAGMENT).map(<[u8]>::to_vec));
    }

    /// The parts of a token that are secret or lead to it: the signature, and the session token in
    /// base64, which is another text there.
    fn add_token(&mut self, token: &str) {
        let encoded = token.trim_end().strip_prefix("k8s-aws-v1.").expect("a token");
        let url = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
        let url = String::from_utf8(url).expect("a URL");
        let signature = url.split("X-Amz-Signature=").nth(1).expect("a signature");
        self.add(signature.as_bytes());
        // Behind the host, which is no secret.
        self.add(&encoded.as_bytes()[100..]);
    }

    #[track_caller]
    fn assert_absent(&self, what: &str, output: &[u8]) {
        let leaked = output.windows(FRAGMENT).find(|fragment| self.0.contains(*fragment));
        assert!(leaked.is_none(), "{what} holds a piece of a secret");
    }

    #[track_caller]
    fn assert_absent_in(&self, what: &str, output: &Output) {
        self.assert_absent(&format!("standard output of {what}"), &output.stdout);
        self.assert_absent(&format!("standard error of {what}"), &output.stderr);
    }
}

fn with_input(command: &mut Command, input: &str) -> Output {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it listens");
    child.wait_with_output().expect("it ends")
}

#[test]
fn no_output_holds_a_secret() {
    let sandbox = Running::start(30);
    let mut secrets = Secrets::of(&sandbox);
    let cluster = sandbox.cluster.clone();
    let run = |arguments: &[&str]| {
        let mut command = sandbox.program(EKS_TOKEN, Identity::Reader);
        command.arg("-vvv").args(arguments).output().expect("it runs")
    };
    // The token itself goes to standard output, and nowhere else.
    let output = run(&["get-token", "--cluster-name", &cluster, "--token-only"]);
    let token = success(&output);
    secrets.add_token(&token);
    assert!(!output.stderr.is_empty(), "-vvv says something");
    secrets.assert_absent("standard error of get-token", &output.stderr);
    let file = sandbox.home.path().join("keys.json");
    let file = file.to_str().expect("a path");
    let ca = sandbox.ca();
    let commands: [&[&str]; 10] = [
        &["update-kubeconfig", "--name", &cluster, "--verbose"],
        &["pods", "--cluster-name", &cluster, "-A"],
        &["pods", "--cluster-name", &cluster, "-A", "-o", "json"],
        &["pods", "--cluster-name", "nowhere"],
        &[
            "pods",
            "--cluster-name",
            &cluster,
            "--server",
            "https://127.0.0.1:1",
            "--certificate-authority",
            ca.to_str().expect("a path"),
        ],
        &["derive-key", "--output", file],
        &["get-token", "--cluster-name", &cluster, "--region", "nowhere-1"],
        &["get-token", "--cluster-name", &cluster, "-r", "arn:aws:iam::111122223333:role/one"],
        &["whoami"],
        &["diagnose", "--cluster-name", &cluster],
    ];
    for arguments in commands {
        secrets.assert_absent_in(&arguments.join(" "), &run(arguments));
    }
    for input in
        [token.clone(), token.replace("k8s-aws-v1.", "k8s-aws-v2."), "{".to_owned() + &token]
    {
        let mut command = sandbox.program(EKS_TOKEN, Identity::Reader);
        let output = with_input(command.args(["-vvv", "inspect"]), &input);
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty());
        secrets.assert_absent_in("inspect", &output);
    }
    // A token where it does not belong: on the command line.
    secrets.assert_absent_in("inspect TOKEN", &run(&["inspect", &token]));
    secrets.assert_absent_in(
        "get-token TOKEN",
        &run(&["get-token", "--cluster-name", &cluster, &token]),
    );
    // What the local EKS logs.
    let requests = sandbox.requests.lock().expect("no panic");
    assert!(requests.len() > 5);
    for record in requests.iter() {
        secrets.assert_absent("the log", format!("{record} {record:?}").as_bytes());
    }
    // The negative control: the file with keys does hold the session token.
    let text = fs::read(file).expect("a file");
    assert!(text.windows(FRAGMENT).any(|fragment| secrets.0.contains(fragment)));
}

/// A server that never answers, so that the command is still there to be looked at.
#[test]
fn the_list_of_processes_shows_no_secret() {
    let sandbox = Running::start(1);
    let secrets = Secrets::of(&sandbox);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", silent.local_addr().expect("an address"));
    let mut command = sandbox.pods(Identity::Reader);
    command.args(["--server", &url, "--certificate-authority"]).arg(sandbox.ca());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let _connection = silent.accept().expect("it connects");
    let shown = fs::read(format!("/proc/{}/cmdline", child.id())).expect("it runs still");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(shown.starts_with(EKS_TOKEN.as_bytes()));
    secrets.assert_absent("the command line", &shown);
}
