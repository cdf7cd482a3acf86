//! Roles on the way to a token, and the cache of what they yield.
#![cfg(feature = "cli")]
#![allow(missing_docs, reason = "a test")]

#[path = "common/api_server.rs"]
#[allow(unreachable_pub, dead_code, reason = "a module of several tests")]
mod api_server;
#[path = "common/outcome.rs"]
mod outcome;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use api_server::{Answer, ApiServer, Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outcome::{failure, stderr, success};
use serde_json::Value;

const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");
const ONE: &str = "arn:aws:iam::111122223333:role/one";
const TWO: &str = "arn:aws:iam::222233334444:role/two";
const THREE: &str = "arn:aws:iam::333344445555:role/team/three";

/// An STS that issues the credentials `ASIAISSUED1`, `ASIAISSUED2` and so on, and a home.
struct Trial {
    sts: ApiServer,
    home: tempfile::TempDir,
}

impl Trial {
    /// `lifetime` of what is issued, in seconds.
    fn issuing_for(lifetime: u64) -> Self {
        Self::answering(move |request, count| {
            if request.body.contains("Action=GetCallerIdentity") {
                xml("GetCallerIdentity", "<UserId>AROAEXAMPLE:ada@example.com</UserId>")
            } else {
                issue(count, now() + lifetime)
            }
        })
    }

    fn answering(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let sts = ApiServer::start(&["127.0.0.1"], answer);
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("ca.pem"), sts.authority()).expect("a file");
        Self { sts, home }
    }

    /// With the keys of a user.
    fn get_token(&self, arguments: &[&str]) -> Command {
        let mut command = self.without_keys(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "geheim-des-nutzers");
        command
    }

    fn without_keys(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(EKS_TOKEN);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL_STS", self.sts.url())
            .env("AWS_CA_BUNDLE", self.home.path().join("ca.pem"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .args(["get-token", "--cluster-name", "dev", "--region", "eu-west-1", "--token-only"])
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.get_token(arguments).output().expect("it runs")
    }

    /// Whose token it is: the access key id in it.
    fn signer(&self, arguments: &[&str]) -> String {
        signer(&success(&self.run(arguments)))
    }

    fn assumed(&self) -> Vec<Request> {
        let requests = self.sts.requests();
        requests.into_iter().filter(|it| it.body.contains("Action=AssumeRole")).collect()
    }

    /// The entries of the cache.
    fn entries(&self) -> Vec<PathBuf> {
        let folder = self.home.path().join(".cache/eks-token");
        let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
        files
            .map(|file| file.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect()
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn xml(action: &str, result: &str) -> Answer {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>\
         {result}</{action}Result></{action}Response>"
    );
    Answer { status: "200 OK", headers: String::new(), body }
}

fn issue(count: usize, expires_at: u64) -> Answer {
    let end = eks_token_host::SigningTime::from_unix_seconds(expires_at).expect("a time");
    xml(
        "AssumeRole",
        &format!(
            "<Credentials><AccessKeyId>ASIAISSUED{count}</AccessKeyId><SecretAccessKey>geheim-\
             {count}</SecretAccessKey><SessionToken>geheim-token-{count}</SessionToken>\
             <Expiration>{}</Expiration></Credentials>",
            end.rfc3339().as_str()
        ),
    )
}

fn refuse(message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender\
         </Type><Code>AccessDenied</Code><Message>{message}</Message></Error></ErrorResponse>"
    );
    Answer { status: "403 Forbidden", headers: String::new(), body }
}

fn signer(token: &str) -> String {
    let encoded = token.trim_end().strip_prefix("k8s-aws-v1.").expect("a token");
    let url = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
    let url = String::from_utf8(url).expect("a URL");
    let credential = url.split("X-Amz-Credential=").nth(1).expect("a credential");
    credential.split("%2F").next().expect("an id").to_owned()
}

/// A parameter of a request, percent-encoded as it was sent.
fn parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut pairs = request.body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn signed_by(request: &Request) -> &str {
    let header = request.headers.iter().find(|line| line.starts_with("authorization:"));
    let credential = header.and_then(|line| line.split("credential=").nth(1)).expect("signed");
    credential.split('/').next().expect("an id")
}

#[test]
fn assumes_a_chain_in_order() {
    let trial = Trial::issuing_for(3600);
    let arguments = [
        ["--role-arn", ONE],
        ["-r", TWO],
        ["--role", THREE],
        ["--external-id", "first"],
        ["-e", "second"],
        ["-e", "third:/3"],
        ["-s", "ada@example.com"],
    ];
    assert_eq!(trial.signer(arguments.as_flattened()), "ASIAISSUED3");
    let assumed = trial.assumed();
    let all = |name| assumed.iter().map(|it| parameter(it, name)).collect::<Vec<_>>();
    assert_eq!(
        all("RoleArn"),
        [ONE, TWO, THREE]
            .map(|arn| arn.replace(':', "%3A").replace('/', "%2F"))
            .each_ref()
            .map(|arn| Some(arn.as_str()))
    );
    assert_eq!(all("ExternalId"), [Some("first"), Some("second"), Some("third%3A%2F3")]);
    assert_eq!(all("RoleSessionName"), [Some("ada%40example.com"); 3]);
    let signers: Vec<_> = assumed.iter().map(signed_by).collect();
    assert_eq!(signers, ["akidexample", "asiaissued1", "asiaissued2"]);
}

#[test]
fn gives_one_external_id_to_the_last_role() {
    let trial = Trial::issuing_for(3600);
    trial.signer(&["-r", ONE, "-r", TWO, "-e", "only-one"]);
    let ids: Vec<_> =
        trial.assumed().iter().map(|it| parameter(it, "ExternalId").map(str::to_owned)).collect();
    assert_eq!(ids, [None, Some("only-one".to_owned())]);
    let line = failure(&trial.run(&["-r", ONE, "-r", TWO, "-r", THREE, "-e", "a1", "-e", "b2"]), 2);
    assert!(line.contains("--external-id is given 2 times for 3 times --role-arn"), "{line}");
}

#[test]
fn names_sessions() {
    let trial = Trial::issuing_for(3600);
    trial.signer(&["-r", ONE]);
    trial.signer(&["-r", ONE, "-r", TWO, "--forward-session-name"]);
    let names: Vec<_> = trial
        .assumed()
        .iter()
        .map(|it| parameter(it, "RoleSessionName").expect("a name").to_owned())
        .collect();
    assert_eq!(names, ["EKSGetTokenAuth", "ada%40example.com", "ada%40example.com"]);
}

#[test]
fn says_what_sts_says() {
    let trial = Trial::answering(|_, _| {
        refuse(
            "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole",
        )
    });
    let line = failure(&trial.run(&["-r", ONE, "-e", "wrong"]), 1);
    assert!(line.contains(ONE) && line.contains("is not authorized to perform"), "{line}");
    assert!(line.contains("--external-id"), "{line}");
    for (bad, what) in [
        (["-r", "one"], "a role's ARN looks like"),
        (["-r", "arn:aws:iam::111122223333:user/ada"], "a role's ARN looks like"),
    ] {
        let line = failure(&trial.run(&bad), 2);
        assert!(line.contains(what), "{line}");
    }
    let line = failure(&trial.run(&["-e", "alone"]), 2);
    assert!(line.contains("--role-arn"), "{line}");
}

/// A profile whose role wants a code, and the keys that it is assumed with.
fn write_mfa_profile(home: &Path) {
    fs::create_dir_all(home.join(".aws")).expect("a folder");
    let config = format!(
        "[profile keys]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = geheim\n\n\
         [profile mfa]\nrole_arn = {ONE}\nsource_profile = keys\nexternal_id = x1\n\
         role_session_name = ada\nduration_seconds = 7200\n\
         mfa_serial = arn:aws:iam::111122223333:mfa/ada\n"
    );
    fs::write(home.join(".aws/config"), config).expect("a file");
}

#[test]
fn asks_nobody_for_a_code_where_nobody_is() {
    let trial = Trial::issuing_for(3600);
    write_mfa_profile(trial.home.path());
    let output = trial.without_keys(&["--profile", "mfa"]).output().expect("it runs");
    let line = failure(&output, 2);
    assert!(line.contains("mfa/ada") && line.contains("no terminal"), "{line}");
    let output = trial
        .without_keys(&["--profile", "mfa"])
        .env("KUBERNETES_EXEC_INFO", r#"{"spec": {"interactive": false}}"#)
        .output()
        .expect("it runs");
    let line = failure(&output, 2);
    assert!(line.contains("not interactive"), "{line}");
    assert!(trial.sts.requests().is_empty());
}

/// At a terminal, which script(1) makes.
#[test]
fn asks_for_a_code_at_a_terminal_once() {
    let trial = Trial::issuing_for(3600);
    write_mfa_profile(trial.home.path());
    let run = |input: &str| {
        let command = trial.without_keys(&["--profile", "mfa", "--cache"]);
        let line: Vec<_> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|part| part.to_str().expect("text"))
            .collect();
        let mut terminal = Command::new("script");
        terminal.env_clear().env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh");
        terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        terminal.args(["-qec", &line.join(" "), "/dev/null"]);
        let child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("script(1) is there");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it listens");
        success(&child.wait_with_output().expect("it ends"))
    };
    let shown = run("123456\n");
    assert!(shown.contains("Code of the MFA device arn:aws:iam::111122223333:mfa/ada:"), "{shown}");
    let again = run("");
    assert!(!again.contains("Code of"), "{again}");
    let assumed = trial.assumed();
    assert_eq!(assumed.len(), 1);
    let sent = |name| parameter(&assumed[0], name);
    assert_eq!(sent("TokenCode"), Some("123456"));
    assert_eq!(sent("SerialNumber"), Some("arn%3Aaws%3Aiam%3A%3A111122223333%3Amfa%2Fada"));
    assert_eq!(sent("ExternalId"), Some("x1"));
    assert_eq!(sent("RoleSessionName"), Some("ada"));
    assert_eq!(sent("DurationSeconds"), Some("7200"));
    assert_eq!(signed_by(&assumed[0]), "akidprofile");
}

#[test]
fn keeps_nothing_unless_asked() {
    let trial = Trial::issuing_for(3600);
    assert_eq!(trial.signer(&["-r", ONE]), "ASIAISSUED1");
    assert_eq!(trial.signer(&["-r", ONE]), "ASIAISSUED2");
    assert!(!trial.home.path().join(".cache").exists());
    // A user's own keys are never written.
    trial.signer(&["--cache"]);
    assert!(!trial.home.path().join(".cache").exists());
}

#[test]
fn keeps_an_entry_for_everything_that_changes_the_answer() {
    let trial = Trial::issuing_for(3600);
    let mut seen = Vec::new();
    for arguments in [
        vec!["-r", ONE],
        vec!["-r", TWO],
        vec!["-r", ONE, "-r", TWO],
        vec!["-r", ONE, "-e", "external"],
        vec!["-r", ONE, "-s", "ada"],
        vec!["-r", ONE, "--forward-session-name"],
    ] {
        let arguments = [arguments, vec!["--cache"]].concat();
        let first = trial.signer(&arguments);
        let requests = trial.sts.requests().len();
        assert_eq!(trial.signer(&arguments), first);
        assert_eq!(trial.sts.requests().len(), requests, "{arguments:?}");
        seen.push(first);
    }
    // Another user; and the variable in the option's place.
    let other = trial
        .get_token(&["-r", ONE])
        .env("AWS_ACCESS_KEY_ID", "AKIDOTHER")
        .env("EKS_TOKEN_CACHE", "true")
        .output()
        .expect("it runs");
    seen.push(signer(&success(&other)));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert_eq!(trial.entries().len(), 7);
    for entry in trial.entries() {
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode(&entry) & 0o777, 0o600);
        assert_eq!(mode(entry.parent().expect("a folder")) & 0o777, 0o700);
        let text = fs::read_to_string(entry).expect("text");
        assert!(!text.contains("geheim-des-nutzers"), "the user's secret is in the cache");
    }
}

#[test]
fn writes_damaged_and_open_entries_anew() {
    let trial = Trial::issuing_for(3600);
    let arguments = ["-r", ONE, "--cache"];
    let mut last = trial.signer(&arguments);
    let path = trial.entries().pop().expect("an entry");
    let whole = fs::read_to_string(&path).expect("text");
    let damages: [&dyn Fn(); 5] = [
        &|| fs::write(&path, "").expect("a file"),
        &|| fs::write(&path, &whole[..whole.len() / 2]).expect("a file"),
        &|| fs::write(&path, whole.replace("\"version\":1", "\"version\":2")).expect("a file"),
        &|| fs::write(&path, whole.replace("geheim-", "geheim\\n")).expect("a file"),
        &|| fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode"),
    ];
    for (number, damage) in damages.iter().enumerate() {
        damage();
        let next = trial.signer(&arguments);
        assert_ne!(next, last, "damage {number}");
        assert_eq!(trial.signer(&arguments), next, "damage {number}");
        last = next;
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn renews_before_the_end() {
    // A quarter of its life is left for the last token.
    let trial = Trial::issuing_for(4);
    let arguments = ["-r", ONE, "--cache"];
    let first = trial.signer(&arguments);
    let path = trial.entries().pop().expect("an entry");
    let mut entry: Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("text")).expect("JSON");
    // As if it had been issued an hour ago, and had 16 minutes left, then 14.
    for (left, is_kept) in [(16 * 60, true), (14 * 60, false)] {
        entry["issuedAt"] = (now() - 3600).into();
        entry["expiresAt"] = (now() + left).into();
        fs::write(&path, entry.to_string()).expect("a file");
        assert_eq!(trial.signer(&arguments) == first, is_kept, "{left} seconds left");
    }
}

#[test]
fn fifty_processes_make_one_call() {
    let trial = Trial::answering(|_, count| {
        // Long enough for all of them to have come.
        thread::sleep(Duration::from_millis(300));
        issue(count, now() + 3600)
    });
    let children: Vec<_> = (0..50)
        .map(|_| {
            let mut command = trial.get_token(&["-r", ONE, "--cache"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(signer(&success(&output)), "ASIAISSUED1", "{}", stderr(&output));
    }
    assert_eq!(trial.assumed().len(), 1);
    assert_eq!(trial.entries().len(), 1);
}

#[test]
fn is_whole_after_two_hundred_kills() {
    // What is issued is used up at once, so that each process writes.
    let trial = Trial::answering(|_, count| issue(count, now() + 2));
    let arguments = ["-r", ONE, "--cache"];
    trial.signer(&arguments);
    let path = trial.entries().pop().expect("an entry");
    let whole = |path: &Path| -> bool {
        let text = fs::read_to_string(path).expect("it is there");
        serde_json::from_str::<Value>(&text).is_ok_and(|entry| entry["expiresAt"].is_u64())
    };
    let usual = {
        let begun = std::time::Instant::now();
        trial.signer(&arguments);
        begun.elapsed()
    };
    let mut killed = 0;
    for round in 0..200_u32 {
        let mut entry: Value =
            serde_json::from_str(&fs::read_to_string(&path).expect("text")).expect("JSON");
        entry["expiresAt"] = 1.into();
        let old = path.with_extension("old");
        fs::write(&old, entry.to_string()).expect("a file");
        fs::rename(&old, &path).expect("it moves");
        let mut command = trial.get_token(&arguments);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        // Spread over the whole run: this is the moment of the kill, not a wait for something.
        thread::sleep(usual * (round % 40) / 40);
        child.kill().expect("it can be killed");
        killed += u32::from(!child.wait().expect("it ends").success());
        assert!(whole(&path), "round {round}");
    }
    println!("{killed} of 200 were killed before their end, and the file was whole each time");
    assert!(killed > 100, "{killed}");
    // Nothing that a killed process left stands in the way.
    trial.signer(&arguments);
    assert_eq!(trial.entries().len(), 1);
}
