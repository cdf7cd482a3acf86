//! From a bearer token to an AWS identity, as EKS does it: the authenticator's own checks first,
//! then what STS does with the request inside the token.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use eks_token_signer::{Claims, PREFIX, inspect};
use http::header::{ACCEPT, HOST};
use http::request::Parts;
use http::{Request, Uri};

use super::credentials::IssuedCredentials;
use super::sigv4::{RequestRefusal, Verifier};
use super::sts;
use crate::{Cluster, Finding, Partition, Rejection};

/// Checks tokens for one cluster.
pub(super) struct Authenticator {
    pub(super) cluster_name: Cluster,
    pub(super) verifier: Verifier,
    /// From the second in which they were signed. Beyond 15 minutes nothing is gained.
    pub(super) tokens_live_for: Duration,
}

/// What a token has proven.
pub(super) struct Verified {
    /// The credentials that it was signed with.
    pub(super) issued: Arc<IssuedCredentials>,
    /// The last second (Unix) in which it is taken.
    pub(super) good_until: u64,
}

/// Why a token was refused: for the operator's eyes, while the caller learns of "Unauthorized"
/// alone. None holds any part of the token but what [`Rejection`] shows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenRefusal {
    #[error("the authenticator does not take the token ({code}): {0}", code = .0.code())]
    Authenticator(Rejection),
    #[error("STS does not take the token ({code}): {message}", code = .0.code, message = .0.message)]
    Sts(Finding),
    #[error("the token expired at {0} (Unix seconds), by the sandbox's own tokens_live_for")]
    TooOld(u64),
    #[error("the URL inside the token cannot be read")]
    Unreadable,
    #[error("STS does not take the token: {0}")]
    Request(RequestRefusal),
    #[error(
        "the signature is not that of a token for cluster {0}: it was signed for another cluster, \
         with another secret, or changed afterwards"
    )]
    WrongSignature(String),
}

impl Authenticator {
    /// The credentials that the token proves the possession of.
    pub(super) fn authenticate(&self, token: &str) -> Result<Verified, TokenRefusal> {
        let now = self.verifier.clock.now();
        let inspection = inspect(token, Some(Partition::Aws), now);
        inspection.server.map_err(TokenRefusal::Authenticator)?;
        if let Some(finding) = inspection.findings.into_iter().next() {
            return Err(TokenRefusal::Sts(finding));
        }
        let claims = inspection.claims.ok_or(TokenRefusal::Unreadable)?;
        let good_until = self.good_until(&claims).ok_or(TokenRefusal::Unreadable)?;
        if now > good_until {
            return Err(TokenRefusal::TooOld(good_until));
        }
        let request = self.request(token).ok_or(TokenRefusal::Unreadable)?;
        let issued =
            sts::verify(&self.verifier, &request, b"").map_err(|refusal| match refusal {
                RequestRefusal::WrongSignature => {
                    TokenRefusal::WrongSignature(self.cluster_name.as_str().to_owned())
                }
                refusal => TokenRefusal::Request(refusal),
            })?;
        Ok(Verified { issued, good_until })
    }

    /// As the authenticator reckons: the last second counts.
    fn good_until(&self, claims: &Claims) -> Option<u64> {
        let by_option = claims.signed_at?.saturating_add(self.tokens_live_for.as_secs());
        Some(by_option.min(claims.refused_from?))
    }

    /// What the authenticator sends to STS: the URL inside the token, with this cluster's name in
    /// the header `x-k8s-aws-id`. `None` where that is no request.
    fn request(&self, token: &str) -> Option<Parts> {
        /// As the authenticator decodes: bits left over at the end are ignored.
        const RAW_URL_ENCODING: GeneralPurpose = GeneralPurpose::new(
            &alphabet::URL_SAFE,
            GeneralPurposeConfig::new()
                .with_decode_allow_trailing_bits(true)
                .with_decode_padding_mode(DecodePaddingMode::RequireNone),
        );
        let url = RAW_URL_ENCODING.decode(token.strip_prefix(PREFIX)?).ok()?;
        let url: Uri = String::from_utf8(url).ok()?.parse().ok()?;
        let request = Request::get(url.path_and_query()?.as_str())
            .header(HOST, url.authority()?.as_str())
            .header("x-k8s-aws-id", self.cluster_name.as_str())
            .header(ACCEPT, "application/json");
        Some(request.body(()).ok()?.into_parts().0)
    }
}
