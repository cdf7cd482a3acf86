//! A token that is kept until shortly before its end.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use eks_token_signer::{Credentials, Error, SigningTime, Token, TokenRequest, UrlExpiry};
use zeroize::Zeroize as _;

use crate::config::ClusterEntry;
use crate::refusal::Unavailable;

/// How long before its end a token is renewed, in seconds; a quarter of its life where that is less.
const RENEW_TOKEN_AHEAD: u64 = 60;
/// The same for credentials: a token made later would end with them.
const RENEW_CREDENTIALS_AHEAD: u64 = 15 * 60;

/// When credentials should be asked for anew, in Unix seconds; never, where they have no end.
#[must_use]
pub fn renew_credentials_at(credentials: &Credentials, now: u64) -> u64 {
    credentials.expires_at.map_or(u64::MAX, |end| ahead_of(end, now, RENEW_CREDENTIALS_AHEAD))
}

/// `ahead` seconds before `end`, or a quarter of what is left where that is less.
fn ahead_of(end: u64, now: u64, ahead: u64) -> u64 {
    end.saturating_sub(ahead.min(end.saturating_sub(now) / 4))
}

/// A token as the header `Authorization` carries it, and its times. A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptToken {
    authorization: String,
    made_at: u64,
    renew_at: u64,
    expires_at: u64,
}

impl KeptToken {
    /// Makes one.
    ///
    /// # Errors
    /// [`Unavailable::Expired`], [`Unavailable::NoSigningKey`], or [`Unavailable::Signing`] where
    /// the clock is beyond the year 9999.
    pub fn make(
        entry: &ClusterEntry,
        credentials: &Credentials,
        now: u64,
    ) -> Result<Self, Unavailable> {
        let token = sign(entry, credentials, now).map_err(|error| match error {
            Error::CredentialsExpired { .. } => Unavailable::Expired,
            Error::NoMatchingSigningKey => Unavailable::NoSigningKey,
            _ => Unavailable::Signing,
        })?;
        let Token { value, expires_at, .. } = token;
        Ok(Self::of(value, expires_at, now))
    }

    /// Keeps one that was made elsewhere at `now`, by the component itself.
    #[must_use]
    pub fn of(mut value: String, expires_at: u64, now: u64) -> Self {
        let mut authorization = String::with_capacity(BEARER.len() + value.len());
        authorization.push_str(BEARER);
        authorization.push_str(&value);
        value.zeroize();
        let renew_at = ahead_of(expires_at, now, RENEW_TOKEN_AHEAD);
        Self { authorization, made_at: now, renew_at, expires_at }
    }

    /// `Bearer k8s-aws-v1.…`: a secret.
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// When it was made, in Unix seconds.
    #[must_use]
    pub const fn made_at(&self) -> u64 {
        self.made_at
    }

    /// Whether it can still be used.
    #[must_use]
    pub const fn is_good_at(&self, now: u64) -> bool {
        now < self.expires_at
    }

    /// Whether another should be made by now.
    #[must_use]
    pub const fn is_due_at(&self, now: u64) -> bool {
        now >= self.renew_at
    }

    /// For memory that workers share: the three times, big-endian, and the header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24 + self.authorization.len());
        for time in [self.made_at, self.renew_at, self.expires_at] {
            bytes.extend_from_slice(&time.to_be_bytes());
        }
        bytes.extend_from_slice(self.authorization.as_bytes());
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) wrote. `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (made_at, rest) = bytes.split_first_chunk()?;
        let (renew_at, rest) = rest.split_first_chunk()?;
        let (expires_at, authorization) = rest.split_first_chunk()?;
        let authorization = core::str::from_utf8(authorization).ok()?;
        authorization.starts_with(BEARER).then(|| Self {
            authorization: authorization.into(),
            made_at: u64::from_be_bytes(*made_at),
            renew_at: u64::from_be_bytes(*renew_at),
            expires_at: u64::from_be_bytes(*expires_at),
        })
    }
}

const BEARER: &str = "Bearer ";

fn sign(entry: &ClusterEntry, credentials: &Credentials, now: u64) -> Result<Token, Error> {
    let request = TokenRequest {
        cluster: entry.name.clone(),
        region: entry.region.clone(),
        endpoint: entry.endpoint.clone(),
        signed_at: SigningTime::from_unix_seconds(now)?,
        url_expires_in: UrlExpiry::default(),
        lifetime: entry.lifetime,
    };
    Token::new(credentials, &request)
}

impl Drop for KeptToken {
    fn drop(&mut self) {
        self.authorization.zeroize();
    }
}

impl fmt::Debug for KeptToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptToken")
            .field("authorization", &"[redacted]")
            .field("made_at", &self.made_at)
            .field("renew_at", &self.renew_at)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}
