//! What is refused, and how; and what is never refused.

use std::fs;
use std::process::Stdio;

use crate::outcome::{failure, stderr, success};
use crate::support::{eks_token, get_token, home, with_credentials};

#[test]
fn refuses_bad_input_in_one_line() {
    let home = home();
    let long = "x".repeat(257);
    let cases: &[(&[&str], &str)] = &[
        (&[], "a command is missing"),
        (&["get-tokens"], "no such command"),
        (&["get-token", "--region", "eu-west-1"], "--cluster-name"),
        (&["get-token", "--cluster-name", "a", "--cluster-id", "b"], "together"),
        (&["get-token", "--cluster-name", "", "--region", "eu-west-1"], "is empty"),
        (&["get-token", "--cluster-name", "a\nb"], "not allowed at byte 1"),
        (&["get-token", "--cluster-name", "ä"], "not allowed at byte 0"),
        (&["get-token", "--cluster-name", &long], "longer than 256 bytes"),
        (&["get-token", "--cluster-name", "a"], "no region"),
        (&["get-token", "--cluster-name", "a", "--region", "EU"], "--region"),
        (&["get-token", "--cluster-name", "a", "--region", "eu/west"], "not allowed at byte 2"),
        (&["get-token", "--cluster-name", "a", "--region", "mars-1"], "no AWS region"),
        (&["get-token", "--cluster-name", "a", "--signed-at", "-1"], "--signed-at"),
        (&["get-token", "--cluster-name", "a", "--signed-at", "now"], "--signed-at"),
        (&["get-token", "--cluster-name", "a", "--signed-at", "253402300800"], "year 9999"),
        (&["get-token", "--cluster-name", "a", "--clutser-id", "b"], "did you mean"),
        (&["get-token", "--cluster-name", "a", "--signing-key", "/nowhere"], "/nowhere"),
        (&["get-token", "--cluster-name", "a", "--profile", "nobody"], "no profile nobody"),
        (
            &[
                "get-token",
                "--cluster-name",
                "arn:aws:eks:eu-west-1:1:cluster/a",
                "--region",
                "us-east-1",
            ],
            "leave --region out",
        ),
        (&["pods"], "--cluster-name"),
        (&["pods", "--cluster-name", "a", "-n", "b", "-A"], "together"),
        (&["pods", "--cluster-name", "a", "-n", "B"], "a namespace must be"),
        (&["pods", "--cluster-name", "a", "-o", "xml"], "table, wide, json, yaml, name"),
        (&["pods", "--cluster-name", "a", "--server", "https://b"], "--certificate-authority"),
        (
            &[
                "pods",
                "--cluster-name",
                "a",
                "--server",
                "http://b",
                "--certificate-authority",
                "c",
            ],
            "never sent without TLS",
        ),
        (&["inspect", "--at", "x"], "--at"),
        (&["inspect", "--partition", "mars"], "aws-us-gov"),
        (&["inspect", "--file", "/nowhere"], "/nowhere"),
        (&["inspect"], "there is no token"),
        (&["derive-key", "--region", "eu-west-1", "--day", "20260230"], "YYYYMMDD"),
        (&["derive-key", "--region", "eu-west-1", "--day", "99991231"], "beyond the year 9999"),
        // A token on the command line shows in the list of processes; not in the error as well.
        (&["inspect", "k8s-aws-v1.geheim"], "standard input"),
        (&["inspect", "--k8s-aws-v1.geheim"], "standard input"),
        (&["k8s-aws-v1.geheim"], "no such command"),
        (&["get-token", "--cluster-name", "a", "--signed-at", "k8s-aws-v1.geheim"], "--signed-at"),
    ];
    for (arguments, reason) in cases {
        let output = with_credentials(home.path()).args(*arguments).output().expect("it runs");
        let line = failure(&output, 2);
        assert!(line.contains(reason), "{arguments:?}: {line}");
    }
}

#[test]
fn refuses_bad_settings_in_one_line() {
    let home = home();
    let cases: &[(&str, &str, &str)] = &[
        ("AWS_STS_REGIONAL_ENDPOINTS", "geheim", "regional or legacy"),
        ("AWS_USE_FIPS_ENDPOINT", "geheim", "true or false"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "1", "true or false"),
        ("AWS_ENDPOINT_URL", "http://eks.example", "https URL"),
        ("AWS_ENDPOINT_URL_EKS", "geheim", "https URL"),
        ("AWS_SESSION_TOKEN", "geheim\u{e4}", "session token"),
        ("AWS_SECRET_ACCESS_KEY", "geheim\n", "secret access key"),
        ("AWS_ACCESS_KEY_ID", "geheim/", "access key id"),
        ("AWS_SECRET_ACCESS_KEY", "", "AWS_SECRET_ACCESS_KEY is not"),
        ("AWS_ACCESS_KEY_ID", "", "AWS_ACCESS_KEY_ID is not"),
        ("AWS_PROFILE", "nobody", "no profile nobody"),
    ];
    for (name, value, reason) in cases {
        let output = get_token(home.path())
            .args(["--region", "eu-west-1"])
            .env(name, value)
            .output()
            .expect("it runs");
        let line = failure(&output, 2);
        assert!(line.contains(reason), "{name}: {line}");
    }
    let output = get_token(home.path()).env("AWS_REGION", "Mars").output().expect("it runs");
    assert!(failure(&output, 2).contains("AWS_REGION"));
}

#[test]
fn says_where_it_looked_for_credentials() {
    let home = home();
    let output = eks_token(home.path())
        .args(["get-token", "--cluster-name", "a", "--region", "eu-west-1"])
        .output()
        .expect("it runs");
    let line = failure(&output, 1);
    for place in ["AWS_ACCESS_KEY_ID", "profile default", "WEB_IDENTITY", "CONTAINER", "metadata"] {
        assert!(line.contains(place), "{line}");
    }
}

#[test]
fn checks_the_trust_roots_before_it_connects() {
    let home = home();
    let file = home.path().join("roots.pem");
    let pods = |text: &str| {
        fs::write(&file, text).expect("a file");
        with_credentials(home.path())
            .args(["pods", "--cluster-name", "a", "--region", "eu-west-1"])
            .env("AWS_CA_BUNDLE", &file)
            .output()
            .expect("it runs")
    };
    assert!(failure(&pods(""), 2).contains("no certificate in it"));
    let broken = "-----BEGIN CERTIFICATE-----\ngeheim\n-----END CERTIFICATE-----\n";
    assert!(failure(&pods(broken), 2).contains("AWS_CA_BUNDLE"));
    // A token needs no connection: the file is not even read.
    let output = get_token(home.path())
        .args(["--region", "eu-west-1"])
        .env("AWS_CA_BUNDLE", "/nowhere")
        .output()
        .expect("it runs");
    success(&output);
}

#[test]
fn writes_help_to_standard_output_and_survives_a_closed_pipe() {
    let home = home();
    for command in [&[][..], &["get-token"], &["pods"], &["inspect"], &["derive-key"]] {
        let output = eks_token(home.path()).args(command).arg("--help").output().expect("it runs");
        let help = success(&output);
        assert!(help.contains("Examples:"), "{help}");
    }
    let output = eks_token(home.path()).arg("--version").output().expect("it runs");
    assert_eq!(success(&output), concat!("eks-token ", env!("CARGO_PKG_VERSION"), "\n"));
    let mut child = get_token(home.path())
        .args(["--region", "eu-west-1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
}
