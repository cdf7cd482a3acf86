//! Remarks that stop nothing: each has a code for programs and a sentence for people.

use alloc::borrow::ToOwned;
use alloc::string::String;

/// A remark. The codes may grow; match on those that you know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable, in kebab case.
    pub code: String,
    /// A sentence that says what it means and what to do. It never holds a secret.
    pub message: String,
}

/// A remark as it stands in this crate.
pub(crate) struct Remark {
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

impl From<&Remark> for Finding {
    fn from(remark: &Remark) -> Self {
        Self { code: remark.code.to_owned(), message: remark.message.to_owned() }
    }
}

/// aws-iam-authenticator #1106: a session token of about 2.5 KB is enough.
pub(crate) static TOKEN_TOO_LARGE: Remark = Remark {
    code: "token-too-large",
    message: "the token is longer than the 4096 bytes that clusters accept, because the session \
              token is so long; use a session with fewer session tags and a shorter session policy",
};

/// A temporary key id (ASIA…) is worth nothing alone.
pub(crate) static MISSING_SESSION_TOKEN: Remark = Remark {
    code: "missing-session-token",
    message: "the access key id is a temporary one (ASIA…), but there is no session token: STS \
              will refuse the token; set AWS_SESSION_TOKEN or renew the credentials",
};
