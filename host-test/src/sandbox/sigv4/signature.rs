//! SigV4 signatures, recomputed by the crate aws-sigv4: a second opinion on our own signer.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use subtle::ConstantTimeEq as _;

use crate::sandbox::credentials::IssuedCredentials;

/// A request that claims to be signed, without its signature.
pub(super) struct SignedRequest<'a> {
    pub(super) method: &'a str,
    /// Without what presigning adds to the query.
    pub(super) url: &'a str,
    /// The signed headers but `x-amz-date` and `x-amz-security-token`.
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    /// In seconds since 1970-01-01T00:00:00Z.
    pub(super) signed_at: u64,
    pub(super) location: Location,
}

/// Where the signature stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Location {
    /// In the header `authorization`.
    Header,
    /// In the query; with `X-Amz-Expires` in seconds.
    Query { expires_in: u64 },
}

impl SignedRequest<'_> {
    /// Whether `signature` is what `credentials` sign this request with. The comparison takes the
    /// same time wherever they differ.
    pub(super) fn is_signed_with(&self, credentials: &IssuedCredentials, signature: &str) -> bool {
        self.expected_signature(credentials).is_some_and(|expected| same(&expected, signature))
    }

    /// `None` where the request cannot be signed at all.
    fn expected_signature(&self, credentials: &IssuedCredentials) -> Option<String> {
        let identity = Credentials::new(
            credentials.access_key_id.as_str(),
            credentials.secret_access_key.expose(),
            Some(credentials.session_token.expose().to_owned()),
            None,
            "sandbox",
        )
        .into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(UNIX_EPOCH.checked_add(Duration::from_secs(self.signed_at))?)
            .settings(self.settings())
            .build()
            .ok()?
            .into();
        let headers = self.headers.iter().copied();
        let body = SignableBody::Bytes(self.body);
        let request = SignableRequest::new(self.method, self.url, headers, body).ok()?;
        Some(sign(request, &params).ok()?.into_parts().1)
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        // The headers are those that the caller has signed: none is left out.
        settings.excluded_headers = None;
        match self.location {
            Location::Header => settings.signature_location = SignatureLocation::Headers,
            Location::Query { expires_in } => {
                settings.signature_location = SignatureLocation::QueryParams;
                settings.expires_in = Some(Duration::from_secs(expires_in));
            }
        }
        settings
    }
}

/// Compares secrets, or what must be told from them, in constant time.
pub(super) fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}
