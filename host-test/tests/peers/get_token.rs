//! `eks-token get-token` beside `aws eks get-token`, at the same moment: the same document.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use crate::outcome::{stderr, success};
use crate::support::{EKS_TOKEN, peer, script};

const CASES: usize = 200;
/// Every region of botocore.
const STS_ENDPOINTS: &str = include_str!("../../../tests/data/sts_endpoints.csv");

/// What both commands are given.
struct Case {
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    time: u64,
    /// When the credentials end, where that is before the token would.
    ends_at: Option<u64>,
}

#[test]
fn makes_what_the_aws_cli_makes() {
    let seed = std::env::var("TEST_SEED")
        .ok()
        .map_or(20_261_123_u64, |text| text.parse().expect("TEST_SEED is a number"));
    println!("TEST_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let home = tempfile::tempdir().expect("a folder");
    let cases: Vec<Case> =
        (0..CASES).map(|_| dice.case(home.path().to_str().expect("a path"))).collect();
    let theirs = ask_the_aws_cli(&cases);
    let mut counts = BTreeMap::new();
    for (case, theirs) in cases.iter().zip(theirs) {
        let context = format!("{:?} {:?} {theirs}", case.arguments, case.environment);
        assert_eq!(theirs["status"], 0, "{context}");
        let their_text = theirs["stdout"].as_str().expect("a text");
        let theirs: Value = serde_json::from_str(their_text).expect("JSON");
        let ours: Value = serde_json::from_str(&run(case)).expect("JSON");
        compare(case, &ours, &theirs, &context);
        let version = ours["apiVersion"].as_str().expect("a version").to_owned();
        *counts.entry(version).or_insert(0) += 1;
        let shape =
            if case.environment.contains_key("AWS_SESSION_TOKEN") { "session" } else { "static" };
        *counts.entry(shape.to_owned()).or_insert(0) += 1;
    }
    println!("{CASES} cases, 0 differences: {counts:?}");
    assert!(counts.values().all(|times| *times >= 10) && counts.len() == 5, "{counts:?}");
}

/// All fields; the token as text where there is no session token, else in its parts, for botocore
/// puts one of them elsewhere.
fn compare(case: &Case, ours: &Value, theirs: &Value, context: &str) {
    for field in ["kind", "apiVersion", "spec"] {
        assert_eq!(ours[field], theirs[field], "{field} of {context}");
    }
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(ours), keys(theirs), "{context}");
    assert_eq!(keys(&ours["status"]), keys(&theirs["status"]), "{context}");
    let (our_end, their_end) =
        (&ours["status"]["expirationTimestamp"], &theirs["status"]["expirationTimestamp"]);
    match case.ends_at {
        None => assert_eq!(our_end, their_end, "{context}"),
        // RFC 3339 in UTC sorts as text.
        Some(_) => assert!(our_end.as_str() < their_end.as_str(), "{our_end} {context}"),
    }
    let (ours, theirs) = (&ours["status"]["token"], &theirs["status"]["token"]);
    if case.environment.contains_key("AWS_SESSION_TOKEN") {
        assert_eq!(parts(ours), parts(theirs), "{context}");
    } else {
        assert_eq!(ours, theirs, "{context}");
    }
}

/// The origin, and the parameters as they are written, in any order.
fn parts(token: &Value) -> (String, BTreeSet<String>) {
    let encoded = token.as_str().and_then(|token| token.strip_prefix("k8s-aws-v1."));
    let url = URL_SAFE_NO_PAD.decode(encoded.expect("a token")).expect("base64");
    let url = String::from_utf8(url).expect("a URL");
    let (origin, query) = url.split_once('?').expect("a query");
    (origin.to_owned(), query.split('&').map(str::to_owned).collect())
}

fn run(case: &Case) -> String {
    let mut command = Command::new(EKS_TOKEN);
    command.env_clear().envs(&case.environment).stdin(Stdio::null());
    command.args(&case.arguments);
    command.args(["--signed-at", &case.time.to_string()]);
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{:?} {}", case.arguments, stderr(&output));
    success(&output)
}

fn ask_the_aws_cli(cases: &[Case]) -> Vec<Value> {
    let mut child = Command::new(peer("python"))
        .arg(script("get_token.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut questions = child.stdin.take().expect("a pipe");
    let answers = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = answers.lines();
    let answers = cases
        .iter()
        .map(|case| {
            let Case { arguments, environment, time, .. } = case;
            let question =
                json!({"arguments": arguments, "environment": environment, "time": time});
            writeln!(questions, "{question}").expect("it listens");
            let line = lines.next().expect("an answer").expect("text");
            serde_json::from_str(&line).expect("JSON")
        })
        .collect();
    drop(questions);
    assert!(child.wait().expect("it ends").success());
    answers
}

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a length");
        usize::try_from(self.0.next_u64() % end).expect("a length")
    }

    fn pick<'a>(&mut self, things: &[&'a str]) -> &'a str {
        things[self.below(things.len())]
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// A region, and settings for which botocore's client has an answer there.
    fn endpoint(&mut self) -> [String; 4] {
        let rows: Vec<[&str; 4]> = STS_ENDPOINTS
            .lines()
            .filter(|line| line.ends_with(",client"))
            .map(|line| {
                let columns: Vec<&str> = line.split(',').collect();
                [columns[1], columns[2], columns[3], columns[4]]
            })
            .collect();
        rows[self.below(rows.len())].map(str::to_owned)
    }

    fn case(&mut self, home: &str) -> Case {
        const VISIBLE: &[u8] = b"ABCXYZabcxyz0123456789-_.:/@+=%&?#~!*'() ";
        const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const VERSIONS: [&str; 7] = ["v1", "v1", "v1beta1", "v1beta1", "v1alpha1", "v2", ""];
        let [region, fips, dual_stack, mode] = self.endpoint();
        let time = 1_500_000_000 + u64::try_from(self.below(1_000_000_000)).expect("a time");
        let mut environment: BTreeMap<String, String> = BTreeMap::new();
        let mut set = |name: &str, value: String| drop(environment.insert(name.to_owned(), value));
        set("HOME", home.to_owned());
        set("AWS_EC2_METADATA_DISABLED", "true".to_owned());
        set("AWS_USE_FIPS_ENDPOINT", fips);
        set("AWS_USE_DUALSTACK_ENDPOINT", dual_stack);
        set("AWS_STS_REGIONAL_ENDPOINTS", mode);
        set("AWS_SECRET_ACCESS_KEY", self.text(BASE64, 40));
        if self.below(2) == 0 {
            let length = 1 + self.below(900);
            set("AWS_ACCESS_KEY_ID", format!("ASIA{}", self.text(b"ABCDEFGH234567", 16)));
            set("AWS_SESSION_TOKEN", self.text(BASE64, length) + "=");
        } else {
            set("AWS_ACCESS_KEY_ID", format!("AKIA{}", self.text(b"ABCDEFGH234567", 16)));
        }
        let mut ends_at = None;
        if self.below(4) == 0 {
            // Both sides take it only with a session that has not ended.
            let at = time + 60 + u64::try_from(self.below(600)).expect("a time");
            ends_at = Some(at);
            set("AWS_CREDENTIAL_EXPIRATION", rfc3339(at));
        }
        match self.below(8) {
            0 => {}
            1 => set("KUBERNETES_EXEC_INFO", "{not json".to_owned()),
            _ => {
                let version = self.pick(&VERSIONS);
                let info = json!({
                    "apiVersion": format!("client.authentication.k8s.io/{version}"),
                    "kind": "ExecCredential", "spec": {"interactive": false},
                });
                set("KUBERNETES_EXEC_INFO", info.to_string());
            }
        }
        let length = 1 + self.below(60);
        let name = format!("a{}z", self.text(VISIBLE, length));
        let option = self.pick(&["--cluster-name", "--cluster-id"]);
        let mut arguments =
            vec!["eks".to_owned(), "get-token".to_owned(), format!("{option}={name}")];
        if self.below(2) == 0 {
            arguments.extend(["--region".to_owned(), region]);
        } else {
            set("AWS_DEFAULT_REGION", region);
        }
        if self.below(2) == 0 {
            arguments.extend(["--output".to_owned(), "json".to_owned()]);
        }
        Case { arguments, environment, time, ends_at }
    }
}

fn rfc3339(unix_seconds: u64) -> String {
    let time = eks_token_host::SigningTime::from_unix_seconds(unix_seconds).expect("a time");
    time.rfc3339().as_str().to_owned()
}
