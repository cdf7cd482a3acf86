//! `eks-token get-token`

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use serde_json::Value;

use crate::outcome::{failure, stderr, success};
use crate::support::{SECRET, SIGNED_AT, eks_token, get_token, home, url, with_credentials};

#[test]
fn makes_the_token_of_the_aws_cli() {
    let home = home();
    let output = get_token(home.path()).args(["--region", "us-west-2"]).output().expect("it runs");
    let credential: Value = serde_json::from_str(&success(&output)).expect("JSON");
    assert_eq!(credential["apiVersion"], "client.authentication.k8s.io/v1beta1");
    assert_eq!(credential["kind"], "ExecCredential");
    assert_eq!(credential["status"]["expirationTimestamp"], "2026-11-22T04:47:12Z");
    let token = credential["status"]["token"].as_str().expect("a token");
    assert!(url(token).ends_with(
        "&X-Amz-Signature=d1caf8412ee95ccee25f301b3946dc4b61f0fd97cd2f49529327387e214f93f8"
    ));
    let mut command = get_token(home.path());
    let alone = command.args(["--region", "us-west-2", "--token-only"]).output().expect("it runs");
    assert_eq!(success(&alone), format!("{token}\n"));
    assert_eq!(stderr(&alone), "");
}

/// As the AWS CLI's own kubeconfigs call it: only `command` has to change.
#[test]
fn is_called_as_the_aws_cli_is() {
    let home = home();
    let usual = get_token(home.path()).args(["--region", "us-west-2"]).output().expect("it runs");
    let output = with_credentials(home.path())
        .args(["--region", "us-west-2", "eks", "get-token", "--cluster-name", "my-cluster"])
        .args(["--output", "json", "--signed-at", SIGNED_AT])
        .output()
        .expect("it runs");
    assert_eq!(success(&output), success(&usual));
}

#[test]
fn makes_the_token_of_the_authenticator() {
    let home = home();
    let decode = |text: &str| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
        String::from_utf8(bytes).expect("text")
    };
    let output = eks_token(home.path())
        .env("AWS_ACCESS_KEY_ID", decode("QVNJQVIyVEc0NFY2QVMzWlpFN0M="))
        .env(
            "AWS_SECRET_ACCESS_KEY",
            decode("NEtENWNudEdjVm1MV1JkRjV3dk5SdXpOTDVReG1wNk9LVlk2RnovUQ=="),
        )
        .args(["get-token", "--cluster-name", "test-cluster", "--region", "us-west-2"])
        .args(["--signed-at", "1682640000", "--token-only"])
        .output()
        .expect("it runs");
    let token = success(&output);
    assert_eq!(token.trim_end().len(), 493);
    assert!(url(&token).ends_with(
        "X-Amz-Signature=e211dba77aba9dc44b0b6be38b8eaad092599c5157f6314444c5b9d85747f5ce"
    ));
    assert!(stderr(&output).starts_with("warning: the access key id is a temporary one"));
}

#[test]
fn answers_in_the_version_that_was_asked_for() {
    let home = home();
    let v1beta1 = "client.authentication.k8s.io/v1beta1";
    for (exec_info, version, warning) in [
        (
            r#"{"apiVersion":"client.authentication.k8s.io/v1"}"#,
            "client.authentication.k8s.io/v1",
            "",
        ),
        (r#"{"apiVersion":"client.authentication.k8s.io/v1beta1"}"#, v1beta1, ""),
        (
            r#"{"apiVersion":"client.authentication.k8s.io/v1alpha1"}"#,
            "client.authentication.k8s.io/v1alpha1",
            "deprecated",
        ),
        (r#"{"apiVersion":"client.authentication.k8s.io/v9"}"#, v1beta1, "not known"),
        ("{", v1beta1, "not JSON"),
        ("", v1beta1, ""),
    ] {
        let output = get_token(home.path())
            .args(["--region", "eu-west-1"])
            .env("KUBERNETES_EXEC_INFO", exec_info)
            .output()
            .expect("it runs");
        let credential: Value = serde_json::from_str(&success(&output)).expect("JSON");
        assert_eq!(credential["apiVersion"], version, "{exec_info}");
        let said = stderr(&output);
        assert_eq!(said.is_empty(), warning.is_empty(), "{exec_info}: {said}");
        assert!(said.contains(warning), "{exec_info}: {said}");
    }
}

/// The host and the region of the scope, for a set of variables.
fn host_and_region(
    home: &Path,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> (String, String) {
    let output = get_token(home)
        .arg("--token-only")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("it runs");
    let url = url(&success(&output));
    let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    let region = url.split("%2F").nth(2);
    (host.expect("a host").to_owned(), region.expect("a scope").to_owned())
}

/// Region, variables, and the host and the region of the signature that follow.
type EndpointCase<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn names_the_endpoint_that_is_set_up() {
    let home = home();
    let legacy = ("AWS_STS_REGIONAL_ENDPOINTS", "legacy");
    let cases: [EndpointCase<'_>; 9] = [
        ("eu-west-1", &[], "sts.eu-west-1.amazonaws.com", "eu-west-1"),
        ("eu-west-1", &[legacy], "sts.amazonaws.com", "us-east-1"),
        ("eu-south-1", &[legacy], "sts.eu-south-1.amazonaws.com", "eu-south-1"),
        ("cn-north-1", &[legacy], "sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (
            "us-east-1",
            &[legacy, ("AWS_USE_FIPS_ENDPOINT", "true")],
            "sts-fips.us-east-1.amazonaws.com",
            "us-east-1",
        ),
        (
            "us-east-1",
            &[("AWS_USE_DUALSTACK_ENDPOINT", "TRUE")],
            "sts.us-east-1.api.aws",
            "us-east-1",
        ),
        (
            "eu-west-1",
            &[("AWS_USE_FIPS_ENDPOINT", "false"), ("AWS_STS_REGIONAL_ENDPOINTS", "regional")],
            "sts.eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
        // These direct calls, and never what a token names.
        (
            "eu-west-1",
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")],
            "sts.eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
        (
            "eu-west-1",
            &[("AWS_ENDPOINT_URL_STS", "https://sts.example")],
            "sts.eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
    ];
    for (region, variables, host, signed_for) in cases {
        let found = host_and_region(home.path(), variables, &["--region", region]);
        assert_eq!(found, (host.to_owned(), signed_for.to_owned()), "{region} {variables:?}");
    }
}

#[test]
fn finds_the_region() {
    let home = home();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).expect("a folder");
    fs::write(
        aws.join("config"),
        "[default]\nregion = eu-west-1\n[profile old]\nregion = us-east-2\n\
         sts_regional_endpoints = legacy\nuse_fips_endpoint = true\n",
    )
    .expect("a file");
    let region = |variables: &[(&str, &str)], arguments: &[&str]| {
        host_and_region(home.path(), variables, arguments).1
    };
    assert_eq!(region(&[], &[]), "eu-west-1");
    assert_eq!(region(&[("AWS_DEFAULT_REGION", "eu-west-2")], &[]), "eu-west-2");
    let both = [("AWS_DEFAULT_REGION", "eu-west-2"), ("AWS_REGION", "eu-west-3")];
    assert_eq!(region(&both, &[]), "eu-west-3");
    assert_eq!(region(&both, &["--region", "ap-south-1"]), "ap-south-1");
    assert_eq!(region(&[("AWS_PROFILE", "old")], &[]), "us-east-2");
    assert_eq!(
        host_and_region(home.path(), &[("AWS_DEFAULT_PROFILE", "old")], &[]).0,
        "sts-fips.us-east-2.amazonaws.com"
    );
    // A cluster's own region goes before what is set up for all clusters.
    let output = with_credentials(home.path())
        .args(["get-token", "--token-only", "--cluster-name"])
        .arg("arn:aws:eks:sa-east-1:111122223333:cluster/dev")
        .env("AWS_REGION", "eu-west-3")
        .output()
        .expect("it runs");
    assert!(url(&success(&output)).starts_with("https://sts.sa-east-1.amazonaws.com/"));
}

#[test]
fn finds_credentials_in_profiles() {
    let home = home();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).expect("a folder");
    let process = home.path().join("credentials.json");
    fs::write(
        &process,
        format!(
            r#"{{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"{SECRET}","SessionToken":"x","Expiration":"2026-11-22T04:40:00Z"}}"#
        ),
    )
    .expect("a file");
    fs::write(
        aws.join("config"),
        format!(
            "[profile static]\naws_access_key_id = AKIDSTATIC\naws_secret_access_key = {SECRET}\n\
             [profile process]\ncredential_process = cat {}\n[profile empty]\nregion = eu-west-1\n",
            process.display()
        ),
    )
    .expect("a file");
    let token = |command: &mut Command| {
        let output = command
            .args(["get-token", "--cluster-name", "c", "--region", "eu-west-1"])
            .args(["--signed-at", SIGNED_AT])
            .output()
            .expect("it runs");
        let credential: Value = serde_json::from_str(&success(&output)).expect("JSON");
        let url = url(credential["status"]["token"].as_str().expect("a token"));
        (url, credential["status"]["expirationTimestamp"].as_str().expect("a time").to_owned())
    };
    let (url, _) = token(eks_token(home.path()).env("AWS_PROFILE", "static"));
    assert!(url.contains("Credential=AKIDSTATIC%2F"));
    // What comes from elsewhere may end before the token would.
    let (url, expires) = token(eks_token(home.path()).env("AWS_PROFILE", "process"));
    assert!(url.contains("Credential=ASIAPROCESS%2F"));
    assert_eq!(expires, "2026-11-22T04:40:00Z");
    // The environment goes before a profile, but not before one on the command line.
    let (url, _) = token(with_credentials(home.path()).env("AWS_PROFILE", "static"));
    assert!(url.contains("Credential=AKIDEXAMPLE%2F"));
    let output = with_credentials(home.path())
        .args(["get-token", "--cluster-name", "c", "--region", "eu-west-1", "--token-only"])
        .args(["--profile", "static"])
        .output()
        .expect("it runs");
    assert!(self::url(&success(&output)).contains("Credential=AKIDSTATIC%2F"));
    let output = with_credentials(home.path())
        .args(["get-token", "--cluster-name", "c", "--profile", "empty"])
        .output()
        .expect("it runs");
    assert!(failure(&output, 1).contains("the profile empty"));
}

#[test]
fn believes_the_expiration_in_the_environment() {
    let home = home();
    let run = |expiration: &str| {
        get_token(home.path())
            .args(["--region", "eu-west-1"])
            .env("AWS_CREDENTIAL_EXPIRATION", expiration)
            .output()
            .expect("it runs")
    };
    let credential: Value =
        serde_json::from_str(&success(&run("2026-11-22T06:34:00+02:00"))).expect("JSON");
    assert_eq!(credential["status"]["expirationTimestamp"], "2026-11-22T04:34:00Z");
    let line = failure(&run("2026-11-22T04:33:12Z"), 1);
    assert!(line.contains("expired at 2026-11-22T04:33:12Z"), "{line}");
    assert!(failure(&run("tomorrow"), 2).contains("AWS_CREDENTIAL_EXPIRATION"));
}

#[cfg(feature = "compiler")]
#[test]
fn signs_with_another_component() {
    let home = home();
    let file = home.path().join("not-a-component.wasm");
    fs::write(&file, "geheim").expect("a file");
    let with = |path: &Path| {
        get_token(home.path())
            .args(["--region", "eu-west-1", "--component"])
            .arg(path)
            .output()
            .expect("it runs")
    };
    failure(&with(&file), 1);
    assert!(failure(&with(Path::new("/nowhere")), 2).contains("/nowhere"));
    let component = Path::new(env!("EKS_TOKEN_COMPONENT"));
    let built_in =
        get_token(home.path()).args(["--region", "eu-west-1"]).output().expect("it runs");
    assert_eq!(success(&with(component)), success(&built_in));
}
