//! The exec credential plugin protocol of Kubernetes clients.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_json::Value;

use crate::error::{Error, Invalid};
use crate::finding::{Finding, Remark};
use crate::text::concat;
use crate::time::SigningTime;

const V1: &str = "client.authentication.k8s.io/v1";
const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";
const V1ALPHA1: &str = "client.authentication.k8s.io/v1alpha1";

/// The answer of an exec plugin.
pub struct ExecCredential {
    /// `ExecCredential` JSON for standard output. It holds the token: a secret.
    pub json: String,
    /// For the user to read, on standard error.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for ExecCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecCredential")
            .field("json", &"[redacted]")
            .field("findings", &self.findings)
            .finish()
    }
}

/// Wraps the token `value` for a Kubernetes client, in the API version that it asked for.
///
/// `exec_info` is the value of `KUBERNETES_EXEC_INFO`, where the client set it: v1 and v1beta1
/// are echoed; v1alpha1 is echoed with a finding; anything else becomes v1beta1 with a finding,
/// as `aws eks get-token` does it. Clients that set nothing get v1beta1.
///
/// # Errors
/// [`Error::ExpiresAt`] where `expires_at` (Unix seconds) lies beyond the year 9999.
pub fn exec_credential(
    value: &str,
    expires_at: u64,
    exec_info: Option<&str>,
) -> Result<ExecCredential, Error> {
    let expires_at = SigningTime::from_unix_seconds(expires_at)
        .map_err(|_| Error::ExpiresAt(Invalid::OutOfRange))?;
    let (api_version, remark) = negotiate(exec_info);
    let json = write_json(api_version, value, expires_at.rfc3339().as_str());
    Ok(ExecCredential { json, findings: remark.into_iter().map(Finding::from).collect() })
}

/// The document, its only foreign text quoted by `serde_json`.
fn write_json(api_version: &str, token: &str, expires_at: &str) -> String {
    // Text always serialises.
    let token = serde_json::to_string(token).unwrap_or_default();
    concat(&[
        r#"{"apiVersion":""#,
        api_version,
        r#"","kind":"ExecCredential","spec":{},"status":{"expirationTimestamp":""#,
        expires_at,
        r#"","token":"#,
        &token,
        "}}",
    ])
}

/// The API version to answer with, and what the user should know of it.
fn negotiate(exec_info: Option<&str>) -> (&'static str, Option<&'static Remark>) {
    let Some(exec_info) = exec_info else { return (V1BETA1, None) };
    if exec_info.trim().is_empty() {
        return (V1BETA1, Some(&EMPTY));
    }
    let Ok(exec_info) = serde_json::from_str::<Value>(exec_info) else {
        return (V1BETA1, Some(&MALFORMED));
    };
    match exec_info.get("apiVersion").and_then(Value::as_str) {
        Some(V1) => (V1, None),
        Some(V1BETA1) => (V1BETA1, None),
        Some(V1ALPHA1) => (V1ALPHA1, Some(&DEPRECATED)),
        _ => (V1BETA1, Some(&UNKNOWN)),
    }
}

static EMPTY: Remark = Remark {
    code: "exec-info-empty",
    message: "KUBERNETES_EXEC_INFO is empty, so the answer is in client.authentication.k8s.io/v1beta1; \
     this is likely a bug in the Kubernetes client: update it",
};
static MALFORMED: Remark = Remark {
    code: "exec-info-malformed",
    message: "KUBERNETES_EXEC_INFO is not JSON, so the answer is in client.authentication.k8s.io/v1beta1; \
     this is likely a bug in the Kubernetes client: update it",
};
static UNKNOWN: Remark = Remark {
    code: "exec-api-version-unknown",
    message: "KUBERNETES_EXEC_INFO asks for an API version that is not known here, so the answer is in \
     client.authentication.k8s.io/v1beta1; update eks-token",
};
static DEPRECATED: Remark = Remark {
    code: "exec-api-version-deprecated",
    message: "the kubeconfig uses the deprecated client.authentication.k8s.io/v1alpha1, which current \
     clients no longer read; write client.authentication.k8s.io/v1 there",
};
