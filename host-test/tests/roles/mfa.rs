//! Roles that want the code of an MFA device.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::outcome::{failure, success};
use crate::terminal::terminal;
use crate::trial::{ONE, Trial, parameter, signed_by};

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
        let mut terminal = terminal(&line.join(" "))?;
        terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("it runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it listens");
        Some(success(&child.wait_with_output().expect("it ends")))
    };
    let Some(shown) = run("123456\n") else {
        eprintln!("skipped: there is no script(1) of util-linux");
        return;
    };
    assert!(shown.contains("Code of the MFA device arn:aws:iam::111122223333:mfa/ada:"), "{shown}");
    let again = run("").expect("a terminal");
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
