//! `eks-token derive-key`, and `get-token` with its keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::outcome::{failure, stderr, success};
use crate::support::{ID, SECRET, SIGNED_AT, eks_token, get_token, home, with_credentials};

fn derive_key(home: &Path) -> Command {
    let mut command = with_credentials(home);
    command.args(["derive-key", "--region", "eu-west-1", "--day", "20261122"]);
    command
}

#[test]
fn signs_with_derived_keys() {
    let home = home();
    let file = home.path().join("keys.json");
    let output = derive_key(home.path())
        .env("AWS_CREDENTIAL_EXPIRATION", "2999-01-01T00:00:00Z")
        .arg("--output")
        .arg(&file)
        .output()
        .expect("it runs");
    assert_eq!(success(&output), "");
    assert!(stderr(&output).contains("20261122 and 20261123"));
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).expect("text");
    assert!(!text.contains(SECRET));
    let content: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(content["version"], 1);
    assert_eq!(content["accessKeyId"], ID);
    assert_eq!(content["region"], "eu-west-1");
    assert_eq!(content["keys"][1]["day"], 20_261_123);

    let by_secret = get_token(home.path())
        .args(["--region", "eu-west-1"])
        .env("AWS_CREDENTIAL_EXPIRATION", "2999-01-01T00:00:00Z")
        .output()
        .expect("it runs");
    let by_key = |signed_at: &str, more: &[&str]| {
        eks_token(home.path())
            .args(["get-token", "--cluster-name", "my-cluster", "--signed-at", signed_at])
            .arg("--signing-key")
            .arg(&file)
            .args(more)
            .output()
            .expect("it runs")
    };
    assert_eq!(success(&by_key(SIGNED_AT, &[])), success(&by_secret));
    success(&by_key("1795391999", &[]));
    // Neither before nor after those two days, nor elsewhere.
    for (signed_at, more) in [
        ("1795305599", &[][..]),
        ("1795478400", &[][..]),
        (SIGNED_AT, &["--region", "eu-west-2"][..]),
    ] {
        let line = failure(&by_key(signed_at, more), 1);
        assert!(line.contains("derive new ones"), "{line}");
    }
    // Others could read it.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("the file is ours");
    let output = by_key(SIGNED_AT, &["--token-only"]);
    success(&output);
    assert!(stderr(&output).starts_with("warning: others on this machine may read"));
}

#[test]
fn replaces_a_key_file_in_one_step() {
    let home = home();
    let file = home.path().join("keys.json");
    fs::write(&file, "old").expect("a file");
    let reader = fs::File::open(&file).expect("the file");
    success(&derive_key(home.path()).arg("--output").arg(&file).output().expect("it runs"));
    // Whoever has the old file open still has all of it.
    assert_eq!(std::io::read_to_string(reader).expect("text"), "old");
    assert!(fs::read_to_string(&file).expect("text").contains("accessKeyId"));
    let left: Vec<_> = fs::read_dir(home.path()).expect("the folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let nowhere = home.path().join("nowhere/keys.json");
    let output = derive_key(home.path()).arg("--output").arg(nowhere).output().expect("it runs");
    assert!(failure(&output, 1).contains("cannot write"));
    let output = derive_key(home.path()).output().expect("it runs");
    assert_eq!(success(&output), fs::read_to_string(&file).expect("text"));
}

#[test]
fn derives_nothing_from_a_long_lived_key_unless_forced() {
    let home = home();
    let file = home.path().join("keys.json");
    let mut command = derive_key(home.path());
    command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env_remove("AWS_SESSION_TOKEN");
    let line = failure(&command.arg("--output").arg(&file).output().expect("it runs"), 2);
    assert!(line.contains("GetSessionToken") && line.contains("--force"), "{line}");
    assert!(!file.exists());
    success(&command.arg("--force").output().expect("it runs"));
    assert!(file.exists());
    let expired = derive_key(home.path())
        .env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
        .output()
        .expect("it runs");
    assert!(failure(&expired, 1).contains("expired at 2020-01-01"));
}

#[test]
fn names_the_bad_field_of_a_key_file() {
    let home = home();
    let file = home.path().join("keys.json");
    let good = serde_json::json!({
        "version": 1,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionToken": "token",
        "expiresAt": 32_503_680_000_u64,
        "region": "eu-west-1",
        "keys": [{"day": 20_261_122, "key": "ab".repeat(32)}],
    });
    let run = |text: &str| {
        fs::write(&file, text).expect("a file");
        eks_token(home.path())
            .args(["get-token", "--cluster-name", "c", "--signed-at", SIGNED_AT, "--signing-key"])
            .arg(&file)
            .output()
            .expect("it runs")
    };
    success(&run(&good.to_string()));
    for (pointer, value, reason) in [
        ("/version", serde_json::json!(2), "version"),
        ("/version", Value::Null, "version is missing"),
        ("/accessKeyId", serde_json::json!("geheim/"), "accessKeyId"),
        ("/accessKeyId", Value::Null, "accessKeyId is missing"),
        ("/sessionToken", serde_json::json!(["geheim"]), "sessionToken must be text"),
        ("/expiresAt", serde_json::json!("geheim"), "expiresAt must be a whole number"),
        ("/region", serde_json::json!("Geheim"), "region"),
        ("/keys", serde_json::json!([]), "keys"),
        ("/keys/0/day", serde_json::json!(20_261_332), "day"),
        ("/keys/0/key", serde_json::json!("geheim"), "64 hexadecimal digits"),
        ("/keys/0/key", serde_json::json!("ab".repeat(33)), "64 hexadecimal digits"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("it is there") = value;
        let line = failure(&run(&bad.to_string()), 2);
        assert!(line.contains(reason), "{pointer}: {line}");
    }
    assert!(failure(&run("geheim"), 2).contains("not a JSON object"));
    assert!(failure(&run(&" ".repeat(70_000)), 2).contains("larger than 65536 bytes"));
}
