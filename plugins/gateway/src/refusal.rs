//! What a caller is told that does not get through.

use alloc::format;
use alloc::string::String;

use crate::rules::Interactive;

/// Why a request goes no further. None holds anything that the caller sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No rule allows it.
    #[error(
        "this proxy does not allow this method on this path; by default it allows reading only"
    )]
    NotAllowed,
    /// A way into a container that is not open.
    #[error("this proxy does not allow {}; it is off until its configuration names it", .0.name())]
    Interactive(Interactive),
    /// Another protocol, on a path that has none.
    #[error("this proxy does not allow another protocol on this path")]
    Upgrade,
    /// The path can be read in two ways.
    #[error(
        "the path has an empty, dotted or encoded part that could be read in two ways; write it plainly"
    )]
    AmbiguousPath,
    /// A body that a method has no need of, without its length.
    #[error(
        "this proxy takes a body with this method only where Content-Length says how long it is"
    )]
    UnframedBody,
    /// A body that breaks off.
    #[error("the body of the request broke off")]
    IncompleteBody,
    /// No client certificate.
    #[error("this proxy takes callers with a client certificate only")]
    NoClientCertificate,
    /// A client certificate of somebody else.
    #[error("this proxy does not know the name in this client certificate")]
    UnknownName,
    /// No bearer of its own, or a wrong one.
    #[error("this proxy takes callers with a bearer of its own only")]
    WrongBearer,
    /// No cluster is meant by this request.
    #[error("this proxy has no cluster for this address")]
    NoCluster,
    /// The cluster did not answer.
    #[error("the cluster does not answer; the log of this proxy says why")]
    Unreachable,
    /// There is no token to add.
    #[error("this proxy has no token for the cluster: {0}")]
    Unavailable(#[from] Unavailable),
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// None have come yet.
    #[error("its AWS credentials have not come yet")]
    NotYet,
    /// The source did not answer.
    #[error("the source of its AWS credentials does not answer")]
    SourceSilent,
    /// The source answered with something else than 200.
    #[error("the source of its AWS credentials refused with status {0}")]
    SourceRefused(u16),
    /// The source answered with what cannot be read.
    #[error("its AWS credentials cannot be read")]
    Unreadable,
    /// There are none.
    #[error("it has no AWS credentials")]
    Missing,
    /// They have ended.
    #[error("its AWS credentials have expired")]
    Expired,
    /// No signing key for the day.
    #[error("none of its signing keys is for this day and region")]
    NoSigningKey,
    /// Something else; the log says what.
    #[error("signing failed")]
    Signing,
}

impl Unavailable {
    /// For memory that workers share.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 3] {
        let (code, status) = match self {
            Self::NotYet => (0, 0),
            Self::SourceSilent => (1, 0),
            Self::SourceRefused(status) => (2, status),
            Self::Unreadable => (3, 0),
            Self::Missing => (4, 0),
            Self::Expired => (5, 0),
            Self::NoSigningKey => (6, 0),
            Self::Signing => (7, 0),
        };
        let [high, low] = status.to_be_bytes();
        [code, high, low]
    }

    /// What [`to_bytes`](Self::to_bytes) wrote. `None` for anything else.
    #[must_use]
    pub const fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0, 0, 0] => Self::NotYet,
            [1, 0, 0] => Self::SourceSilent,
            [2, high, low] => Self::SourceRefused(u16::from_be_bytes([*high, *low])),
            [3, 0, 0] => Self::Unreadable,
            [4, 0, 0] => Self::Missing,
            [5, 0, 0] => Self::Expired,
            [6, 0, 0] => Self::NoSigningKey,
            [7, 0, 0] => Self::Signing,
            _ => return None,
        })
    }
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::AmbiguousPath | Self::UnframedBody | Self::IncompleteBody => 400,
            Self::NoClientCertificate | Self::WrongBearer => 401,
            Self::NotAllowed | Self::Interactive(_) | Self::Upgrade | Self::UnknownName => 403,
            Self::NoCluster => 404,
            Self::Unreachable => 502,
            Self::Unavailable(_) => 503,
        }
    }

    /// The reason, as Kubernetes writes such.
    ///
    /// <https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason>
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self.status() {
            400 => "BadRequest",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "NotFound",
            _ => "ServiceUnavailable",
        }
    }

    /// A `Status` of Kubernetes as JSON, which kubectl and the client libraries show.
    #[must_use]
    pub fn to_json(self) -> String {
        // No text of these needs an escape.
        format!(
            "{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{{}},\"status\":\"Failure\",\
             \"message\":\"{self}\",\"reason\":\"{}\",\"code\":{}}}",
            self.reason(),
            self.status(),
        )
    }
}
