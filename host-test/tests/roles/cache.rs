//! What is kept of roles between calls.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outcome::{stderr, success};
use crate::trial::{ONE, TWO, Trial, issue, now, signer};

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
    // How long a process takes, as far as it is known: those that come through teach it.
    let mut usual = Duration::from_millis(50);
    let (mut killed, mut round) = (0, 0_u32);
    while killed < 200 {
        assert!(round < 5_000, "only {killed} of {round} were killed before their end");
        let mut entry: Value =
            serde_json::from_str(&fs::read_to_string(&path).expect("text")).expect("JSON");
        entry["expiresAt"] = 1.into();
        let old = path.with_extension("old");
        fs::write(&old, entry.to_string()).expect("a file");
        fs::rename(&old, &path).expect("it moves");
        let mut command = trial.get_token(&arguments);
        let begun = Instant::now();
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        // Spread over the whole run: this is the moment of the kill, not a wait for something.
        thread::sleep(usual * (round * 17 % 40) / 40);
        child.kill().expect("it can be killed");
        if child.wait().expect("it ends").success() {
            usual = usual.min(begun.elapsed());
        } else {
            killed += 1;
        }
        assert!(whole(&path), "round {round}");
        round += 1;
    }
    println!("{killed} of {round} were killed before their end, and the file was whole each time");
    // Nothing that a killed process left stands in the way.
    trial.signer(&arguments);
    assert_eq!(trial.entries().len(), 1);
}
