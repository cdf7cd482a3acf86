//! Step 2: the hash of the canonical request, with the time and the scope.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign>

use alloc::string::String;
use core::fmt;

use super::signature::HexDigest;
use super::{ALGORITHM, CanonicalRequest, CredentialScope};
use crate::text::concat;
use crate::time::Stamp;

/// The text that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringToSign(String);

impl StringToSign {
    /// Hashes `request` and puts algorithm, time and scope before it.
    #[must_use]
    pub fn new(request: &CanonicalRequest, stamp: &Stamp, scope: &CredentialScope<'_>) -> Self {
        let hash = HexDigest::of(&request.hash());
        let lines = [ALGORITHM, "\n", stamp.as_str(), "\n", &scope.wire(), "\n", hash.as_str()];
        Self(concat(&lines))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
