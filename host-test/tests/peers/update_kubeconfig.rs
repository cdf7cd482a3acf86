//! `eks-token update-kubeconfig` beside `aws eks update-kubeconfig`, with the same files and the
//! same clusters of moto.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::moto::Moto;
use crate::outcome::success;
use crate::support::{EKS_TOKEN, peer};

const ARN: &str = "arn:aws:eks:us-west-2:123456789012:cluster/dev";
const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

const OTHER: &str = "apiVersion: v1
kind: Config
current-context: other
preferences: {colors: true}
clusters:
- name: other
  cluster: {server: 'https://other', insecure-skip-tls-verify: true}
contexts:
- name: other
  context: {cluster: other, user: other, namespace: team}
users:
- name: other
  user: {token: '012345'}
";

/// What is there, what is asked for, and in what alone the answers may differ.
struct Case {
    name: &'static str,
    /// The files of `KUBECONFIG`, each with what is in it; none where there is no file.
    files: Vec<Option<String>>,
    arguments: Vec<&'static str>,
    /// JSON pointers to what we keep and the AWS CLI loses, or to what only one of us writes.
    differences: &'static [&'static str],
}

fn existing(cluster: &str, context: &str) -> String {
    OTHER.replace("contexts:\n", &format!("- name: {ARN}\n  cluster: {cluster}\ncontexts:\n"))
        .replace(
            "users:\n",
            &format!(
                "- name: {ARN}\n  context: {context}\nusers:\n- name: {ARN}\n  user: {{token: old}}\n"
            ),
        )
}

fn cases() -> Vec<Case> {
    let case = |name, files: &[Option<&str>], arguments: &[&'static str]| Case {
        name,
        files: files.iter().map(|file| file.map(str::to_owned)).collect(),
        arguments: arguments.to_vec(),
        differences: &[],
    };
    let old = existing("{server: 'https://old'}", &format!("{{cluster: {ARN}, user: {ARN}}}"));
    let rich = existing(
        "{server: 'https://old', proxy-url: 'http://proxy:3128', tls-server-name: api, x: 1}",
        &format!("{{cluster: {ARN}, user: {ARN}, namespace: team}}"),
    );
    vec![
        case("no file", &[None], &[]),
        case("an empty file", &[Some("")], &[]),
        case("another cluster", &[Some(OTHER)], &[]),
        case("null lists", &[Some("apiVersion: v1\nclusters: null\nusers:\ncontexts: ~\n")], &[]),
        case("the same cluster", &[Some(&old)], &[]),
        Case {
            differences: &[
                "/clusters/1/cluster/proxy-url",
                "/clusters/1/cluster/tls-server-name",
                "/clusters/1/cluster/x",
                "/contexts/1/context/namespace",
            ],
            ..case("the same cluster, with more in it", &[Some(&rich)], &[])
        },
        case("an alias", &[Some(OTHER)], &["--alias", "dev"]),
        case("a user's alias", &[Some(OTHER)], &["--user-alias", "me"]),
        case(
            "both, over what is there",
            &[Some(&old)],
            &["--alias", "other", "--user-alias", "other"],
        ),
        case(
            "a role and a proxy",
            &[Some(OTHER)],
            &["--role-arn", ROLE, "--proxy-url", "http://p:1"],
        ),
        case("a profile", &[Some(OTHER)], &["--profile", "team"]),
        case("several files", &[Some(OTHER), Some("unknown: [a, 'b']\n")], &["--alias", "dev"]),
        case("several files, the second has it", &[Some(OTHER), Some(&old)], &[]),
        case(
            "fields that nobody knows",
            &[Some(&format!("{OTHER}x-y: {{a: [1, '1', 1.5]}}\n"))],
            &[],
        ),
    ]
}

#[test]
fn merges_as_the_aws_cli_does() {
    let moto = Moto::start();
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join(".aws")).expect("a folder");
    fs::write(
        home.path().join(".aws/config"),
        // Else it fetches what --proxy-url names.
        "[default]\ncli_follow_urlparam = false\n\n[profile team]\nregion = us-west-2\naws_access_key_id = AKIDTEAM\n\
         aws_secret_access_key = secret\n",
    )
    .expect("a file");
    let aws = |arguments: &[&str]| {
        let mut command = Command::new(peer("aws"));
        command.env_clear().env("HOME", home.path()).envs(moto.environment());
        command.stdin(Stdio::null()).args(arguments);
        command
    };
    let create = ["eks", "create-cluster", "--name", "dev", "--role-arn", ROLE];
    let vpc = ["--resources-vpc-config", "subnetIds=subnet-1,subnet-2"];
    success(&aws(&create).args(vpc).output().expect("it runs"));
    let ours = || {
        let mut command = Command::new(EKS_TOKEN);
        command.env_clear().env("HOME", home.path()).envs(moto.environment());
        command.stdin(Stdio::null());
        command
    };
    let cases = cases();
    for case in &cases {
        println!("{}", case.name);
        let update = ["update-kubeconfig", "--name", "dev"];
        let theirs = run(aws(&["eks"]).args(update), case, &home.path().join("theirs"));
        let like_theirs =
            run(ours().args(update).args(["--command", "aws"]), case, &home.path().join("ours"));
        assert_eq!(theirs.len(), like_theirs.len(), "{}", case.name);
        for (theirs, ours) in theirs.iter().zip(&like_theirs) {
            compare(case, theirs, ours);
        }
        // By default only what makes the tokens differs.
        let by_default = run(ours().args(update), case, &home.path().join("default"));
        for (ours, by_default) in like_theirs.iter().zip(by_default) {
            assert_eq!(without_exec(ours), without_exec(&by_default), "{}", case.name);
        }
    }
    println!("{} cases", cases.len());
}

/// The files afterwards.
fn run(command: &mut Command, case: &Case, folder: &Path) -> Vec<Value> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir(folder).expect("a folder");
    let paths: Vec<PathBuf> = (0..case.files.len()).map(|n| folder.join(n.to_string())).collect();
    for (path, text) in paths.iter().zip(&case.files) {
        if let Some(text) = text {
            fs::write(path, text).expect("a file");
        }
    }
    command.env("KUBECONFIG", std::env::join_paths(&paths).expect("a list"));
    let output = command.args(&case.arguments).output().expect("it runs");
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("a file");
            serde_saphyr::from_str(&text).expect("YAML")
        })
        .collect()
}

/// Equal, but for what the table lists: and that does differ.
fn compare(case: &Case, theirs: &Value, ours: &Value) {
    let (mut theirs, mut ours) = (theirs.clone(), ours.clone());
    for pointer in case.differences {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let take = |config: &mut Value| {
            let parent = config.pointer_mut(parent).and_then(Value::as_object_mut);
            parent.and_then(|parent| parent.remove(key))
        };
        let (theirs, ours) = (take(&mut theirs), take(&mut ours));
        assert!(
            theirs.is_none() && ours.is_some(),
            "{}: {pointer}: {theirs:?} {ours:?}",
            case.name
        );
    }
    assert_eq!(theirs, ours, "{}", case.name);
}

fn without_exec(config: &Value) -> Value {
    let mut config = config.clone();
    for user in config["users"].as_array_mut().into_iter().flatten() {
        if let Some(exec) = user.pointer_mut("/user/exec") {
            *exec = json!(null);
        }
    }
    config
}
