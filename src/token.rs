//! The bearer token: a presigned URL in base64, and how long it lives.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::credentials::Credentials;
use crate::error::{Error, Invalid};
use crate::finding::{self, Finding};
use crate::sts::{PresignedUrl, TokenRequest};

/// What every token begins with (aws-iam-authenticator `pkg/token/token.go`, `v1Prefix`).
pub const PREFIX: &str = "k8s-aws-v1.";
/// A server refuses longer tokens, in bytes (same file, `maxTokenLenBytes`).
pub const MAX_LENGTH: usize = 4096;
/// A server takes a token this long after its signature, in seconds (same file,
/// `presignedURLExpiration`).
pub const ACCEPTED_FOR: u64 = 900;

/// What a token claims to live, in seconds: 1 to 900.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(u32);

impl Lifetime {
    /// Seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl Default for Lifetime {
    /// 14 minutes, as every client of EKS claims: one minute less than the server allows.
    fn default() -> Self {
        Self(840)
    }
}

impl TryFrom<u32> for Lifetime {
    type Error = Error;

    fn try_from(seconds: u32) -> Result<Self, Error> {
        if (1..=900).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(Error::Lifetime(Invalid::OutOfRange))
        }
    }
}

/// A bearer token for one cluster: a secret until it expires, redacted in `Debug`.
pub struct Token {
    /// `k8s-aws-v1.…`
    pub value: String,
    /// The earliest of the claimed lifetime and the end of the credentials, in seconds since
    /// 1970-01-01T00:00:00Z.
    pub expires_at: u64,
    /// Remarks that stop nothing.
    pub findings: Vec<Finding>,
}

impl Token {
    /// Makes a token.
    ///
    /// ```
    /// use eks_token_signer::*;
    ///
    /// # fn main() -> Result<(), Error> {
    /// let credentials = Credentials {
    ///     access_key_id: AccessKeyId::try_from("AKIDEXAMPLE".to_owned())?,
    ///     material: SigningMaterial::SecretAccessKey("secret".to_owned().try_into()?),
    ///     session_token: None,
    ///     expires_at: None,
    /// };
    /// let request = TokenRequest {
    ///     cluster: "my-cluster".to_owned().try_into()?,
    ///     region: "eu-central-1".to_owned().try_into()?,
    ///     endpoint: StsEndpoint::default(),
    ///     signed_at: SigningTime::from_unix_seconds(1_700_000_000)?,
    ///     url_expires_in: UrlExpiry::default(),
    ///     lifetime: Lifetime::default(),
    /// };
    /// let token = Token::new(&credentials, &request)?;
    /// assert!(token.value.starts_with("k8s-aws-v1."));
    /// assert_eq!(token.expires_at, 1_700_000_840);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`PresignedUrl::new`].
    pub fn new(credentials: &Credentials, request: &TokenRequest) -> Result<Self, Error> {
        let url = PresignedUrl::new(credentials, request)?;
        let value = encode(url.expose());
        let claimed = request.signed_at.unix_seconds() + u64::from(request.lifetime.seconds());
        let mut findings = Vec::new();
        if value.len() > MAX_LENGTH {
            findings.push(Finding::from(&finding::TOKEN_TOO_LARGE));
        }
        if credentials.access_key_id.is_temporary() && credentials.session_token.is_none() {
            findings.push(Finding::from(&finding::MISSING_SESSION_TOKEN));
        }
        Ok(Self {
            value,
            expires_at: credentials.expires_at.map_or(claimed, |end| end.min(claimed)),
            findings,
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("value", &"[redacted]")
            .field("expires_at", &self.expires_at)
            .field("findings", &self.findings)
            .finish()
    }
}

/// Prefix and base64url without padding.
fn encode(url: &str) -> String {
    let mut value = String::with_capacity(PREFIX.len() + url.len().div_ceil(3) * 4);
    value.push_str(PREFIX);
    URL_SAFE_NO_PAD.encode_string(url, &mut value);
    value
}
