//! Why a server refuses a token.

use alloc::string::String;
use core::fmt;

/// The server's own checks, in its order: `rejection` of `wit/token.wit`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Over 4096 bytes; holds the length.
    TooLarge(u32),
    /// `k8s-aws-v1.` is missing.
    MissingPrefix,
    /// Not base64url without padding.
    NotBase64Url,
    /// Go's `url.Parse` fails.
    NotAUrl,
    /// The scheme is not https.
    UnexpectedScheme,
    /// No STS host of the partition.
    UnexpectedHost,
    /// The path is not `/`.
    UnexpectedPath,
    /// A raw `;` or a bad `%`.
    MalformedQuery,
    /// Two names that differ only in case; holds the second.
    DuplicateParameter(String),
    /// A parameter that no token has; holds its name.
    UnexpectedParameter(String),
    /// One name twice; holds it.
    MultipleValues(String),
    /// The action is not `GetCallerIdentity`.
    UnexpectedAction,
    /// `x-k8s-aws-id` is not among the signed headers.
    ClusterNotSigned,
    /// `X-Amz-Expires` is absent, no integer, or outside 0 to 900.
    InvalidExpires,
    /// `X-Amz-Date` is absent.
    MissingDate,
    /// `X-Amz-Date` is not `YYYYMMDDTHHMMSSZ`.
    MalformedDate,
    /// More than 15 minutes old; holds the end of those, in Unix seconds.
    Expired(u64),
    /// A check that is newer than this crate.
    Other(String),
}

impl Rejection {
    /// The case's name in `wit/token.wit`, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too-large",
            Self::MissingPrefix => "missing-prefix",
            Self::NotBase64Url => "not-base64url",
            Self::NotAUrl => "not-a-url",
            Self::UnexpectedScheme => "unexpected-scheme",
            Self::UnexpectedHost => "unexpected-host",
            Self::UnexpectedPath => "unexpected-path",
            Self::MalformedQuery => "malformed-query",
            Self::DuplicateParameter(_) => "duplicate-parameter",
            Self::UnexpectedParameter(_) => "unexpected-parameter",
            Self::MultipleValues(_) => "multiple-values",
            Self::UnexpectedAction => "unexpected-action",
            Self::ClusterNotSigned => "cluster-not-signed",
            Self::InvalidExpires => "invalid-expires",
            Self::MissingDate => "missing-date",
            Self::MalformedDate => "malformed-date",
            Self::Expired(_) => "expired",
            Self::Other(_) => "other",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(length) => write!(
                f,
                "it is {length} bytes long and a server takes 4096; use a session with fewer \
                 session tags and a shorter session policy",
            ),
            Self::MissingPrefix => f.write_str("it does not begin with k8s-aws-v1."),
            Self::NotBase64Url => {
                f.write_str("what follows the prefix is not base64url without padding")
            }
            Self::NotAUrl => f.write_str("what it encodes is not a URL"),
            Self::UnexpectedScheme => f.write_str("its URL is not https"),
            Self::UnexpectedHost => f.write_str(
                "its URL does not name an STS host of the cluster's partition; sign for the \
                 regional endpoint of the cluster's region",
            ),
            Self::UnexpectedPath => f.write_str("the path of its URL is not /"),
            Self::MalformedQuery => {
                f.write_str("the query of its URL has a raw ; or a bad percent escape")
            }
            Self::DuplicateParameter(name) => {
                write!(f, "the parameter {name} stands twice in its query, in different case")
            }
            Self::UnexpectedParameter(name) => {
                write!(f, "the parameter {name} may not be in its query; sign without it")
            }
            Self::MultipleValues(name) => {
                write!(f, "the parameter {name} stands twice in its query")
            }
            Self::UnexpectedAction => f.write_str("its action is not GetCallerIdentity"),
            Self::ClusterNotSigned => {
                f.write_str("the header x-k8s-aws-id is not signed, so it is bound to no cluster")
            }
            Self::InvalidExpires => {
                f.write_str("X-Amz-Expires is not a number from 0 to 900; sign with 60")
            }
            Self::MissingDate => f.write_str("X-Amz-Date is missing"),
            Self::MalformedDate => f.write_str("X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ"),
            Self::Expired(at) => write!(
                f,
                "it expired at {at} (Unix seconds), 15 minutes after it was signed; make a new one",
            ),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}
