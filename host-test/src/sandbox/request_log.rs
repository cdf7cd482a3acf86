//! What a sandbox tells of each request. It holds no secret, no token, no signature and no URL
//! that was presigned.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, Uri};

/// Called with each request that was answered.
pub type RequestHook = Arc<dyn Fn(&RequestRecord) + Send + Sync>;

/// Called with the headers of a request as they arrived.
pub type HeadersHook = Arc<dyn Fn(&HeaderMap) + Send + Sync>;

/// One request and what became of it. As text it is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// Which server was asked.
    pub api: Api,
    /// The method, in capitals.
    pub method: String,
    /// The path, with those parameters of the query that are known to be harmless; at STS with the
    /// parameter `Action`, wherever it stood: `/?Action=AssumeRole`.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Who asked, or why nobody was recognised.
    pub outcome: Outcome,
}

/// The servers of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// The EKS API of AWS.
    Eks,
    /// The STS API of AWS.
    Sts,
    /// The cluster's Kubernetes API.
    Kubernetes,
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eks => "eks",
            Self::Sts => "sts",
            Self::Kubernetes => "kubernetes",
        })
    }
}

/// What authentication came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The caller was recognised; holds the Kubernetes user name and canonical ARN, or the ARN.
    Caller(String),
    /// The caller was refused; holds the reason, which the answer keeps from the caller.
    Refused(String),
    /// Nobody in particular: the path is open to all.
    Anonymous,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller(name) => f.write_str(name),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api, method, path, status, outcome } = self;
        write!(f, "{api} {method} {path} {status} {outcome}")
    }
}

/// Method and path for the log.
pub(super) fn shown_method(method: &http::Method) -> String {
    // Methods of others may be any text.
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if known.contains(&method.as_str()) { method.to_string() } else { "OTHER".to_owned() }
}

/// The path, and of the query what is known to be harmless. Whatever looks like a token or a part
/// of a signed request is left out: a caller may have put it in the wrong place.
pub(super) fn shown_path(uri: &Uri) -> String {
    /// Longer paths are cut off here, in characters.
    const LIMIT: usize = 300;
    let mut shown = harmless(uri.path()).to_owned();
    let parameters = uri.query().into_iter().flat_map(|query| query.split('&'));
    for (index, parameter) in parameters.filter(|text| !text.is_empty()).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        shown.push_str(shown_parameter(parameter));
    }
    if shown.chars().count() > LIMIT {
        shown = shown.chars().take(LIMIT).chain(['…']).collect();
    }
    shown
}

fn shown_parameter(parameter: &str) -> &str {
    const HARMLESS: [&str; 8] = [
        "fieldSelector",
        "includeObject",
        "labelSelector",
        "limit",
        "resourceVersion",
        "timeout",
        "timeoutSeconds",
        "watch",
    ];
    match parameter.split_once('=') {
        Some((name, _)) if HARMLESS.contains(&name) => harmless(parameter),
        Some(("continue", _)) => "continue=…",
        _ => "…",
    }
}

/// A text, or a mark where it might hold a secret.
fn harmless(text: &str) -> &str {
    const MARKS: [&str; 4] = ["k8s-aws-v1", "x-amz-", "aws4", "asia"];
    let lower = text.to_ascii_lowercase();
    if MARKS.iter().any(|mark| lower.contains(mark)) { "[redacted]" } else { text }
}

#[cfg(test)]
mod tests {
    use super::shown_path;

    fn shown(uri: &str) -> String {
        shown_path(&uri.parse().expect("a URI"))
    }

    #[test]
    fn harmless_parameters_are_shown() {
        assert_eq!(
            shown("/api/v1/pods?&labelSelector=app%3Dweb&limit=500&continue=abc"),
            "/api/v1/pods?labelSelector=app%3Dweb&limit=500&continue=…"
        );
    }

    #[test]
    fn what_may_be_secret_is_not() {
        assert_eq!(shown("/clusters/a?X-Amz-Signature=abc&other"), "/clusters/a?…&…");
        assert_eq!(shown("/k8s-aws-v1.abc"), "[redacted]");
        assert_eq!(shown("/api?limit=k8s-aws-v1.abc"), "/api?[redacted]");
    }
}
