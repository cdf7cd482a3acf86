//! What signs: an access key id, the secret or day keys, and a session token.
//!
//! Secrets are redacted in `Debug` and wiped when dropped. Nothing here prints one.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::{Error, Invalid, check_text, is_printable};
use crate::sigv4::{CredentialScope, SigningKey};
use crate::sts::{self, Region};
use crate::time::Day;
use crate::wipe::wipe;

/// Public half of a credential: 1 to 128 letters, digits and underscores.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// The id as text. It is no secret: every token shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the key of an IAM user, which lives until it is deleted.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
    #[must_use]
    pub fn is_long_lived(&self) -> bool {
        self.0.starts_with("AKIA")
    }

    /// Whether this is a temporary key, which AWS accepts only together with its session token.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.0.starts_with("ASIA")
    }
}

impl TryFrom<String> for AccessKeyId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        check_text(&text, 128, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
            .map_err(Error::AccessKeyId)?;
        Ok(Self(text))
    }
}

/// Secret half of a credential: 1 to 256 printable ASCII characters. Redacted and wiped.
#[derive(Clone)]
pub struct SecretAccessKey(SecretText);

impl SecretAccessKey {
    /// The text itself: a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

impl TryFrom<String> for SecretAccessKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        SecretText::checked(text, 256).map(Self).map_err(Error::SecretAccessKey)
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAccessKey([redacted])")
    }
}

/// Third part of temporary credentials: 1 to 16384 printable ASCII characters. Redacted and wiped.
#[derive(Clone)]
pub struct SessionToken(SecretText);

impl SessionToken {
    /// The text itself: a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

impl TryFrom<String> for SessionToken {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        SecretText::checked(text, 16_384).map(Self).map_err(Error::SessionToken)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}

/// A text that is wiped when dropped, whether it was accepted or not.
#[derive(Clone)]
struct SecretText(String);

impl SecretText {
    fn checked(text: String, limit: u32) -> Result<Self, Invalid> {
        let text = Self(text);
        check_text(&text.0, limit, is_printable)?;
        Ok(text)
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A signing key together with what it is good for: one UTC day, one region, the service `sts`.
///
/// It is not a token: it signs *any* STS request of its day and region. Derive it from the
/// temporary credentials of a role that may do nothing at STS.
#[derive(Debug, Clone)]
pub struct DayKey {
    /// The key itself, a secret.
    pub key: SigningKey,
    /// The region that its signatures are good for.
    pub signing_region: Region,
    /// The UTC day that its signatures are good for.
    pub day: Day,
}

impl DayKey {
    /// Derives the key of `day` and `signing_region`.
    #[must_use]
    pub fn derive(secret: &SecretAccessKey, signing_region: Region, day: Day) -> Self {
        let scope = CredentialScope { day, region: signing_region.as_str(), service: sts::SERVICE };
        Self { key: SigningKey::derive(secret, &scope), signing_region, day }
    }
}

/// What the signature is made with.
#[derive(Debug, Clone)]
pub enum SigningMaterial {
    /// The secret itself. The day's key is derived from it at each call.
    SecretAccessKey(SecretAccessKey),
    /// Keys derived beforehand, each for one UTC day and one region, so that the secret need not
    /// be here. Today's and tomorrow's together carry a host over midnight.
    DayKeys(Vec<DayKey>),
}

/// Everything that signing needs to know of the caller.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Public half.
    pub access_key_id: AccessKeyId,
    /// Secret half, or keys derived from it.
    pub material: SigningMaterial,
    /// Present where the credentials are temporary.
    pub session_token: Option<SessionToken>,
    /// When AWS stops accepting the credentials, in seconds since 1970-01-01T00:00:00Z.
    pub expires_at: Option<u64>,
}

impl Credentials {
    /// The key for `scope`: derived from the secret, or found among the day keys.
    pub(crate) fn signing_key(
        &self,
        scope: &CredentialScope<'_>,
    ) -> Result<Cow<'_, SigningKey>, Error> {
        match &self.material {
            SigningMaterial::SecretAccessKey(secret) => {
                Ok(Cow::Owned(SigningKey::derive(secret, scope)))
            }
            SigningMaterial::DayKeys(keys) => keys
                .iter()
                .find(|key| key.day == scope.day && key.signing_region.as_str() == scope.region)
                .map(|key| Cow::Borrowed(&key.key))
                .ok_or(Error::NoMatchingSigningKey),
        }
    }
}
