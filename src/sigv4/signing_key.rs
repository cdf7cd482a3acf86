//! Step 3: the key of one day, one region and one service.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key>

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{CredentialScope, Signature, StringToSign};
use crate::credentials::SecretAccessKey;
use crate::error::{Error, Invalid};
use crate::text::concat;
use crate::wipe::wipe;

/// Derived from a secret access key. It signs every request of its scope, not only the one it
/// was made for; the secret cannot be computed back from it. Redacted and wiped.
#[derive(Clone)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// Four HMACs, from the secret over day, region and service: the same all day.
    #[must_use]
    pub fn derive(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> Self {
        let secret = secret.expose();
        let mut seed = concat(&["AWS4", secret]);
        let day = hmac_sha256(seed.as_bytes(), scope.day.as_str().as_bytes());
        wipe(&mut seed);
        let region = hmac_sha256(&day, scope.region.as_bytes());
        let service = hmac_sha256(&region, scope.service.as_bytes());
        Self(hmac_sha256(&service, CredentialScope::TERMINATOR.as_bytes()))
    }

    /// Step 4: signs.
    #[must_use]
    pub fn sign(&self, string_to_sign: &StringToSign) -> Signature {
        Signature::from_bytes(hmac_sha256(&self.0, string_to_sign.as_bytes()))
    }

    /// The 32 bytes, for whoever must carry the key elsewhere. They are a secret.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for SigningKey {
    type Error = Error;

    /// Takes exactly 32 bytes; [`Error::SigningKey`] otherwise.
    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(Error::SigningKey(Invalid::Empty));
        }
        let bytes = bytes.try_into().map_err(|_| Error::SigningKey(Invalid::OutOfRange))?;
        Ok(Self(bytes))
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104 section 2)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}
