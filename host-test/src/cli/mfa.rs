//! Asks for the code of an MFA device.

use std::io::{self, IsTerminal as _, Write as _};

use eks_token_host::aws::{AwsError, Environment, MfaCode};
use serde_json::Value;

/// On standard error, for standard output is the answer's. Refused where nobody would see it.
pub(crate) fn ask(environment: &Environment, serial: &str) -> Result<MfaCode, AwsError> {
    let refuse = |reason| AwsError::NoMfaCode { serial: serial.to_owned(), reason };
    if is_forbidden(environment.get("KUBERNETES_EXEC_INFO")) {
        return Err(refuse("the program that runs this one says that it is not interactive"));
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(refuse("there is no terminal to ask at"));
    }
    let mut line = String::new();
    write!(io::stderr(), "Code of the MFA device {serial}: ")
        .and_then(|()| io::stderr().flush())
        .and_then(|()| io::stdin().read_line(&mut line))
        .map_err(|_| refuse("the terminal cannot be read"))?;
    MfaCode::try_from(line.trim()).map_err(AwsError::MfaCode)
}

/// `spec.interactive` of `client.authentication.k8s.io`: standard input is the plugin's, or not.
fn is_forbidden(exec_info: Option<&str>) -> bool {
    let exec_info = exec_info.and_then(|text| serde_json::from_str::<Value>(text).ok());
    exec_info.is_some_and(|info| info["spec"]["interactive"] == Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::is_forbidden;

    #[test]
    fn believes_the_exec_info() {
        assert!(is_forbidden(Some(r#"{"spec": {"interactive": false}}"#)));
        for allowed in [None, Some("{"), Some("{}"), Some(r#"{"spec": {"interactive": true}}"#)] {
            assert!(!is_forbidden(allowed), "{allowed:?}");
        }
    }
}
