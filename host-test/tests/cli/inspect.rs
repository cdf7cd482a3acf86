//! `eks-token inspect`

use std::fs;

use serde_json::Value;

use crate::outcome::{failure, success};
use crate::support::{ID, SESSION_TOKEN, SIGNED_AT, eks_token, get_token, home, url, with_input};

#[test]
fn inspects_tokens() {
    let home = home();
    let inspect = |arguments: &[&str], input: &str| {
        with_input(eks_token(home.path()).arg("inspect").args(arguments), input.as_bytes())
    };
    let output = get_token(home.path()).args(["--region", "eu-west-1"]).output().expect("it runs");
    let credential = success(&output);
    let token =
        serde_json::from_str::<Value>(&credential).expect("JSON")["status"]["token"].clone();
    let token = token.as_str().expect("a token");
    // As it stands, with a line end, and inside an ExecCredential.
    for input in [token.to_owned(), format!("{token}\r\n"), credential.clone()] {
        let report = success(&inspect(&["--at", SIGNED_AT], &input));
        assert!(report.contains("2026-11-22T04:33:12Z (now)"), "{report}");
        assert!(report.contains("in 15 minutes"), "{report}");
        assert!(report.contains(ID), "{report}");
        // Neither the token nor its signature nor the session token.
        let url = url(token);
        let signature = url.rsplit('=').next().expect("a signature");
        for secret in [token, signature, SESSION_TOKEN, "IQoJb3"] {
            assert!(!report.contains(secret), "{report}");
        }
    }
    let late = inspect(&["--at", "1795322893"], token);
    assert_eq!(late.status.code(), Some(1));
    let report = String::from_utf8(late.stdout).expect("text");
    assert!(report.contains("refuses it: it expired at 2026-11-22T04:48:12Z"), "{report}");
    let report = inspect(&["--at", "1795322893", "-o", "json"], token);
    assert_eq!(report.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
    assert_eq!(report["accepted"], false);
    assert_eq!(report["server"]["code"], "expired");
    assert_eq!(report["claims"]["region"], "eu-west-1");
    // Another partition, and no token at all.
    let abroad = inspect(&["--at", SIGNED_AT, "--partition", "aws-cn", "-o", "json"], token);
    let abroad: Value = serde_json::from_slice(&abroad.stdout).expect("JSON");
    assert_eq!(abroad["server"]["code"], "unexpected-host");
    let other = inspect(&[], "geheim");
    assert_eq!(other.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&other.stdout).contains("geheim"));
    assert!(failure(&inspect(&[], "{\"geheim\": 1}"), 2).contains("status.token"));
    assert!(failure(&inspect(&[], "{geheim"), 2).contains("not JSON"));
    assert!(failure(&inspect(&[], "\n"), 2).contains("no token"));
    let file = home.path().join("token");
    fs::write(&file, token).expect("a file");
    let by_file = inspect(&["--at", SIGNED_AT, "--file", file.to_str().expect("text")], "");
    success(&by_file);
}
