//! `eks-token update-kubeconfig` against a sandbox, and kubectl with what it wrote.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "common/outcome.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod outcome;
#[path = "common/running.rs"]
#[allow(dead_code, reason = "a module of several tests")]
mod running;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use eks_token_host::sandbox::Identity;
use outcome::{failure, success};
use running::{EKS_TOKEN, Running};
use serde_json::Value;

const ARN: &str = "arn:aws:eks:eu-central-1:111122223333:cluster/sandbox";

fn command(sandbox: &Running, arguments: &[&str]) -> Command {
    let mut command = sandbox.program(EKS_TOKEN, Identity::Reader);
    command.args(["update-kubeconfig", "--name", "sandbox"]).args(arguments);
    command
}

fn run(sandbox: &Running, arguments: &[&str]) -> Output {
    command(sandbox, arguments).output().expect("it runs")
}

/// `~/.kube/config`.
fn default_path(sandbox: &Running) -> PathBuf {
    sandbox.home.path().join(".kube/config")
}

fn read(path: &Path) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(path).expect("a file")).expect("YAML")
}

fn named<'a>(config: &'a Value, list: &str, name: &str) -> &'a Value {
    let mut entries = config[list].as_array().expect("a list").iter();
    entries.find(|entry| entry["name"] == name).expect("an entry")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn begins_a_file() {
    let sandbox = Running::start(3);
    let path = default_path(&sandbox);
    let text = success(&run(&sandbox, &[]));
    assert_eq!(text, format!("Added new context {ARN} to {}\n", path.display()));
    assert_eq!(mode(&path), 0o600);
    let config = read(&path);
    assert_eq!(config["kind"], "Config");
    assert_eq!(config["current-context"], ARN);
    assert_eq!(named(&config, "clusters", ARN)["cluster"]["server"], sandbox.url);
    let exec = &named(&config, "users", ARN)["user"]["exec"];
    assert_eq!(exec["apiVersion"], "client.authentication.k8s.io/v1");
    assert_eq!(exec["interactiveMode"], "IfAvailable");
    assert_eq!(
        exec["args"],
        serde_json::json!(["get-token", "--cluster-name", "sandbox", "--region", "eu-central-1"])
    );
    // It is not on PATH here, so the file says where it is.
    assert!(exec["command"].as_str().is_some_and(|path| path.ends_with("/eks-token")));
    let text = success(&run(&sandbox, &[]));
    assert_eq!(text, format!("Updated context {ARN} in {}\n", path.display()));
    assert_eq!(read(&path), config);
}

#[test]
fn names_itself_as_the_shell_does() {
    let sandbox = Running::start(1);
    let folder = Path::new(EKS_TOKEN).parent().expect("a folder");
    success(&command(&sandbox, &[]).env("PATH", folder).output().expect("it runs"));
    let config = read(&default_path(&sandbox));
    assert_eq!(named(&config, "users", ARN)["user"]["exec"]["command"], "eks-token");
}

#[test]
fn takes_the_options_of_the_aws_cli() {
    let sandbox = Running::start(1);
    let config_file = sandbox.home.path().join("aws-config");
    fs::write(&config_file, "[profile team]\nregion = eu-central-1\n").expect("a file");
    let role = "arn:aws:iam::111122223333:role/deploy";
    let options = [
        ["--alias", "dev"],
        ["--user-alias", "me"],
        ["--role-arn", role],
        ["--proxy-url", "http://proxy:3128"],
        ["--tls-server-name", "api.example"],
    ];
    let mut update = command(&sandbox, options.as_flattened());
    update.env("AWS_PROFILE", "team").env("AWS_CONFIG_FILE", &config_file).arg("--verbose");
    let text = success(&update.output().expect("it runs"));
    assert!(
        text.starts_with("Added new context dev to ") && text.contains("Entries:\n\n"),
        "{text}"
    );
    let config = read(&default_path(&sandbox));
    assert_eq!(config["current-context"], "dev");
    assert_eq!(named(&config, "contexts", "dev")["context"]["user"], "me");
    let cluster = &named(&config, "clusters", ARN)["cluster"];
    assert_eq!(cluster["proxy-url"], "http://proxy:3128");
    assert_eq!(cluster["tls-server-name"], "api.example");
    let exec = &named(&config, "users", "me")["user"]["exec"];
    assert_eq!(exec["args"][6], role);
    assert_eq!(exec["env"], serde_json::json!([{"name": "AWS_PROFILE", "value": "team"}]));
}

#[test]
fn keeps_what_is_there() {
    let sandbox = Running::start(1);
    let path = sandbox.home.path().join("config");
    let before = format!(
        "# mine\napiVersion: v1\nkind: Config\nextensions: [{{name: x, extension: {{a: '1'}}}}]\n\
         current-context: other\nclusters:\n- name: other\n  cluster: {{server: https://other}}\n\
         - name: {ARN}\n  cluster:\n    server: https://old\n    certificate-authority: /old.crt\n\
         \x20   proxy-url: http://proxy:3128\n    tls-server-name: api.example\n    unknown: kept\n\
         contexts:\n- name: other\n  context: {{cluster: other, user: other}}\n\
         - name: {ARN}\n  context: {{cluster: '{ARN}', user: b, namespace: team}}\n\
         users:\n- name: other\n  user: {{token: '012345'}}\n\
         - name: {ARN}\n  user: {{token: old}}\nunknown: 'yes'\n"
    );
    fs::write(&path, before).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    let link = sandbox.home.path().join("link");
    symlink(&path, &link).expect("a link");
    success(&run(&sandbox, &["--kubeconfig", link.to_str().expect("a path")]));
    assert!(link.is_symlink());
    assert_eq!(mode(&path), 0o640);
    let config = read(&path);
    assert_eq!(config["current-context"], ARN);
    assert_eq!(config["unknown"], "yes");
    assert_eq!(config["extensions"][0]["extension"]["a"], "1");
    assert_eq!(named(&config, "clusters", "other")["cluster"]["server"], "https://other");
    assert_eq!(named(&config, "users", "other")["user"]["token"], "012345");
    let cluster = &named(&config, "clusters", ARN)["cluster"];
    assert_eq!(cluster["server"], sandbox.url);
    assert_eq!(cluster["proxy-url"], "http://proxy:3128");
    assert_eq!(cluster["tls-server-name"], "api.example");
    assert_eq!(cluster["unknown"], "kept");
    assert_eq!(cluster["certificate-authority"], Value::Null);
    assert_eq!(named(&config, "contexts", ARN)["context"]["namespace"], "team");
    // What made tokens before is gone.
    assert_eq!(named(&config, "users", ARN)["user"]["token"], Value::Null);
}

#[test]
fn prints_instead_of_writing() {
    let sandbox = Running::start(1);
    let text = success(&run(&sandbox, &["--dry-run"]));
    let config: Value = serde_saphyr::from_str(&text).expect("YAML");
    assert_eq!(config["current-context"], ARN);
    assert!(!default_path(&sandbox).exists());
}

#[test]
fn chooses_the_file_that_has_the_cluster() {
    let sandbox = Running::start(1);
    let path = |name: &str| sandbox.home.path().join(name);
    let (first, second, broken) = (path("first"), path("second"), path("broken"));
    fs::write(&broken, "clusters: [").expect("a file");
    let list = std::env::join_paths([&first, &broken, &second]).expect("a list");
    let update =
        || success(&command(&sandbox, &[]).env("KUBECONFIG", &list).output().expect("it runs"));
    assert!(update().contains("to ") && first.exists() && !second.exists());
    fs::rename(&first, &second).expect("it moves");
    assert!(update().starts_with("Updated context"));
    assert!(!first.exists() && second.exists());
    assert_eq!(fs::read_to_string(&broken).expect("a file"), "clusters: [");
}

#[test]
fn leaves_a_broken_file_alone() {
    let sandbox = Running::start(1);
    let path = sandbox.home.path().join("config");
    for (text, reason) in [
        ("users:\n- token: geheim\n  x: [", "no YAML"),
        ("just a text", "the file must be a mapping"),
        ("clusters: {a: b}", "clusters must be a list of mappings"),
        ("users: [a]", "users must be a list of mappings"),
        ("current-context: [a]", "current-context must be a text"),
    ] {
        fs::write(&path, text).expect("a file");
        let arguments = ["--kubeconfig", path.to_str().expect("a path")];
        let line = failure(&run(&sandbox, &arguments), 2);
        assert!(line.contains(reason) && line.contains("config"), "{line}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), text);
    }
    let files: BTreeSet<_> = fs::read_dir(sandbox.home.path())
        .expect("a folder")
        .map(|it| it.expect("a file").file_name())
        .collect();
    assert!(!files.iter().any(|name| name.to_string_lossy().contains("lock")), "{files:?}");
}

#[test]
fn twenty_at_once_lose_nothing() {
    let sandbox = Running::start(1);
    let children: Vec<_> = (0..20)
        .map(|number| {
            let alias = format!("context-{number}");
            let mut update = command(&sandbox, &["--alias", &alias, "--user-alias", &alias]);
            update.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    for child in children {
        success(&child.wait_with_output().expect("it ends"));
    }
    let config = read(&default_path(&sandbox));
    for number in 0..20 {
        let name = format!("context-{number}");
        named(&config, "contexts", &name);
        named(&config, "users", &name);
    }
}

#[test]
fn waits_for_the_lock_of_another() {
    let sandbox = Running::start(1);
    let path = sandbox.home.path().join("config");
    let lock = sandbox.home.path().join("config.lock");
    fs::write(&lock, "").expect("a file");
    let arguments = ["--kubeconfig", path.to_str().expect("a path")];
    // Nobody ends it: after ten seconds it says so.
    let line = failure(&run(&sandbox, &arguments), 1);
    assert!(line.contains("config.lock"), "{line}");
    assert!(!path.exists() && lock.exists());
    let update = command(&sandbox, &arguments).stdout(Stdio::null()).spawn();
    let mut update = update.expect("it runs");
    // It waits; however long it had to be until here, it goes on when the lock is gone.
    thread::sleep(Duration::from_millis(100));
    assert!(update.try_wait().expect("it runs").is_none());
    fs::remove_file(&lock).expect("it is there");
    assert!(update.wait().expect("it ends").success());
    assert!(path.exists() && !lock.exists());
}

#[test]
fn kubectl_uses_it() {
    let Some(kubectl) = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join("kubectl")).find(|it| it.is_file())
    }) else {
        eprintln!("skipped: there is no kubectl on PATH");
        return;
    };
    let sandbox = Running::start(5);
    success(&run(&sandbox, &["--alias", "dev"]));
    let mut list = sandbox.program(kubectl.to_str().expect("a path"), Identity::Reader);
    list.args(["--context", "dev", "get", "pods", "-A", "-o", "name"]);
    let output = list.output().expect("it runs");
    assert_eq!(success(&output).lines().count(), 5);
}
