//! Step 4: the signature itself.

use core::fmt;

use subtle::ConstantTimeEq;

/// HMAC-SHA256 of the string to sign. Compared in constant time only.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    pub(super) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Lower-case hex, 64 characters.
    #[must_use]
    pub fn hex(&self) -> HexDigest {
        HexDigest::of(&self.0)
    }

    /// Whether `text` is this signature's hex form. How long this takes does not depend on how
    /// many of its characters are right.
    #[must_use]
    pub fn equals_hex(&self, text: &[u8]) -> bool {
        self.hex().as_str().as_bytes().ct_eq(text).into()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hex().as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

/// 32 bytes as 64 lower-case hex characters.
#[derive(Debug, Clone, Copy)]
pub struct HexDigest([u8; 64]);

impl HexDigest {
    /// Of a hash that is known beforehand.
    pub(super) const fn known(text: [u8; 64]) -> Self {
        Self(text)
    }

    pub(super) fn of(bytes: &[u8; 32]) -> Self {
        let mut text = [b'0'; 64];
        // Fails for a buffer of another length alone.
        let _: Result<(), hex::FromHexError> = hex::encode_to_slice(bytes, &mut text);
        Self(text)
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Hex digits: always text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}
