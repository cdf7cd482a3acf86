//! The command, and what its tests have in common.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) const ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const SESSION_TOKEN: &str = "IQoJb3/EXAMPLE+tok==";
/// 2026-11-22T04:33:12Z
pub(crate) const SIGNED_AT: &str = "1795321992";

/// The command with nothing around it but an empty home.
pub(crate) fn eks_token(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eks-token"));
    command.env_clear().env("HOME", home).env("AWS_EC2_METADATA_DISABLED", "true");
    command.stdin(Stdio::null());
    command
}

/// With credentials in the environment.
pub(crate) fn with_credentials(home: &Path) -> Command {
    let mut command = eks_token(home);
    command.env("AWS_ACCESS_KEY_ID", ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.env("AWS_SESSION_TOKEN", SESSION_TOKEN);
    command
}

pub(crate) fn get_token(home: &Path) -> Command {
    let mut command = with_credentials(home);
    command.args(["get-token", "--cluster-name", "my-cluster", "--signed-at", SIGNED_AT]);
    command
}

pub(crate) fn with_input(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // It may end without reading all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

pub(crate) fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

pub(crate) fn url(token: &str) -> String {
    let encoded = token.trim_end().strip_prefix("k8s-aws-v1.").expect("the prefix");
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).expect("base64url")).expect("text")
}
