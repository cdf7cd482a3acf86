//! Why an argument was refused: one variant per cause, none of which carries the value.
//!
//! The variants mirror `error` and `invalid` of `wit/token.wit`. A bad *token* is no error: the
//! inspector answers with a [`Rejection`](crate::Rejection).

use core::fmt;

/// What is wrong with one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// There is nothing in it.
    Empty,
    /// It is longer than `limit` bytes.
    TooLong {
        /// The most that is accepted, in bytes.
        limit: u32,
    },
    /// A byte that may not stand in it.
    ForbiddenByte {
        /// Offset of the first such byte, in bytes from the start.
        offset: u32,
    },
    /// A number outside its range, or a key of the wrong length.
    OutOfRange,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { limit } => write!(f, "is longer than {limit} bytes"),
            Self::ForbiddenByte { offset } => {
                write!(f, "has a character that is not allowed at byte {offset}")
            }
            Self::OutOfRange => f.write_str("is out of range"),
        }
    }
}

/// Why a token could not be made or a question about one not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The access key id.
    AccessKeyId(Invalid),
    /// The secret access key.
    SecretAccessKey(Invalid),
    /// The session token.
    SessionToken(Invalid),
    /// A signing key or its day.
    SigningKey(Invalid),
    /// The cluster's name or id.
    Cluster(Invalid),
    /// A region.
    Region(Invalid),
    /// The host of a custom endpoint.
    Host(Invalid),
    /// The signing time.
    SignedAt(Invalid),
    /// `X-Amz-Expires`.
    UrlExpiresIn(Invalid),
    /// The claimed lifetime.
    Lifetime(Invalid),
    /// The end of a token's life.
    ExpiresAt(Invalid),
    /// The region fits no partition that is known here.
    UnknownRegion,
    /// No partition has this name.
    UnknownPartition,
    /// The partition of this region has no such endpoint.
    EndpointUnsupported,
    /// None of the signing keys is for this day and region.
    NoMatchingSigningKey,
    /// The credentials had ended by the signing time.
    CredentialsExpired {
        /// When they ended, in seconds since 1970-01-01T00:00:00Z.
        at: u64,
    },
}

impl Error {
    /// The argument, what it may be, and what is wrong with it, where one argument is to blame.
    const fn argument(&self) -> Option<(&'static str, &'static str, Invalid)> {
        Some(match *self {
            Self::AccessKeyId(why) => ("access key id", "1 to 128 letters, digits and _", why),
            Self::SecretAccessKey(why) => {
                ("secret access key", "1 to 256 printable ASCII characters", why)
            }
            Self::SessionToken(why) => {
                ("session token", "1 to 16384 printable ASCII characters", why)
            }
            Self::SigningKey(why) => {
                ("signing key", "32 bytes, with a calendar day as YYYYMMDD", why)
            }
            Self::Cluster(why) => {
                ("cluster", "1 to 256 printable ASCII characters, not all blank", why)
            }
            Self::Region(why) => ("region", "1 to 32 characters of a-z, 0-9 and -", why),
            Self::Host(why) => ("host", "a DNS name of at most 253 characters", why),
            Self::SignedAt(why) => ("signing time", "Unix seconds up to the year 9999", why),
            Self::UrlExpiresIn(why) => ("URL expiry", "1 to 900 seconds", why),
            Self::Lifetime(why) => ("lifetime", "1 to 900 seconds", why),
            Self::ExpiresAt(why) => ("token's expiry", "Unix seconds up to the year 9999", why),
            _ => return None,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((argument, allowed, why)) = self.argument() {
            return write!(f, "the {argument} {why}; it must be {allowed}");
        }
        match self {
            Self::UnknownRegion => f.write_str(
                "the region fits no AWS partition known here; check its spelling, or give a custom \
                 endpoint for a region newer than this version",
            ),
            Self::UnknownPartition => f.write_str(
                "there is no AWS partition of that name; it must be one of aws, aws-cn, \
                 aws-us-gov, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f",
            ),
            Self::EndpointUnsupported => f.write_str(
                "the global STS endpoint exists in partition aws only; use the regional one",
            ),
            Self::NoMatchingSigningKey => {
                f.write_str("none of the signing keys is for this day and region; derive new ones")
            }
            Self::CredentialsExpired { at } => write!(
                f,
                "the credentials expired at {at} (Unix seconds), before the signing time; renew them",
            ),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

/// Checks a text argument byte by byte: not empty, not over `limit` bytes, only `allowed` bytes.
pub(crate) fn check_text(text: &str, limit: u32, allowed: fn(u8) -> bool) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::Empty);
    }
    if text.len() > limit as usize {
        return Err(Invalid::TooLong { limit });
    }
    match text.bytes().position(|byte| !allowed(byte)) {
        None => Ok(()),
        // At most `limit`, so it fits.
        Some(offset) => {
            Err(Invalid::ForbiddenByte { offset: u32::try_from(offset).unwrap_or(limit) })
        }
    }
}

/// Printable ASCII: the blank and everything visible.
pub(crate) const fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}
