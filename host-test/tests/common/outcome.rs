//! What became of a command.

use std::process::Output;

/// Its standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Its standard output: it succeeded.
#[track_caller]
pub(crate) fn success(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Its error: it failed with this status, one line and nothing else, and without a secret.
#[track_caller]
pub(crate) fn failure(output: &Output, status: i32) -> String {
    let line = stderr(output);
    assert_eq!(output.status.code(), Some(status), "{line}");
    assert!(output.stdout.is_empty(), "{line}");
    assert!(line.starts_with("error: ") && line.ends_with('\n'), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    for secret in ["wJalrXUtnFEMI", "IQoJb3", "k8s-aws-v1.", "geheim"] {
        assert!(!line.contains(secret), "{line}");
    }
    line
}
