//! From a bearer token to an AWS identity, as EKS does it: the authenticator's own checks first,
//! then what STS does with the request inside the token.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Query;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use eks_token_signer::{PREFIX, SERVICE, inspect};
use http::Uri;

use super::Clock;
use super::credentials::{IssuedCredentials, IssuedSet};
use super::signature::{Location, SignedRequest, same};
use crate::{Claims, Cluster, Finding, Partition, Rejection};

/// Checks tokens for one cluster.
pub(super) struct Authenticator {
    pub(super) cluster_name: Cluster,
    pub(super) issued: Arc<IssuedSet>,
    pub(super) clock: Clock,
    /// From the second in which they were signed. Beyond 15 minutes nothing is gained.
    pub(super) tokens_live_for: Duration,
}

/// What a token has proven.
pub(super) struct Verified<'a> {
    /// The credentials that it was signed with.
    pub(super) issued: &'a IssuedCredentials,
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
    #[error("the query inside the token cannot be read")]
    Unreadable,
    #[error("the access key id is none of this sandbox; use its credentials, not those of AWS")]
    UnknownAccessKeyId,
    #[error("the session token is not the one that belongs to the access key id")]
    WrongSessionToken,
    #[error("the credentials expired at {0} (Unix seconds); start the sandbox again")]
    CredentialsExpired(u64),
    #[error(
        "the signature is not that of a token for cluster {0}: it was signed for another cluster, \
         with another secret, or changed afterwards"
    )]
    WrongSignature(String),
}

impl Authenticator {
    /// The credentials that the token proves the possession of.
    pub(super) fn authenticate(&self, token: &str) -> Result<Verified<'_>, TokenRefusal> {
        let now = self.clock.now();
        let inspection = inspect(token, Some(Partition::Aws), now);
        inspection.server.map_err(TokenRefusal::Authenticator)?;
        if let Some(finding) = inspection.findings.into_iter().next() {
            return Err(TokenRefusal::Sts(finding));
        }
        let claims = inspection.claims.ok_or(TokenRefusal::Unreadable)?;
        let parameters = Parameters::read(token).ok_or(TokenRefusal::Unreadable)?;
        let good_until = self.good_until(&claims).ok_or(TokenRefusal::Unreadable)?;
        if now > good_until {
            return Err(TokenRefusal::TooOld(good_until));
        }
        let issued = self.ask_sts(&claims, &parameters, now)?;
        Ok(Verified { issued, good_until })
    }

    /// As the authenticator reckons: the last second counts.
    fn good_until(&self, claims: &Claims) -> Option<u64> {
        let by_option = claims.signed_at?.saturating_add(self.tokens_live_for.as_secs());
        Some(by_option.min(claims.refused_from?))
    }

    /// `GetCallerIdentity`, with this cluster's name in the header `x-k8s-aws-id`.
    fn ask_sts(
        &self,
        claims: &Claims,
        parameters: &Parameters,
        now: u64,
    ) -> Result<&IssuedCredentials, TokenRefusal> {
        let issued = claims
            .access_key_id
            .as_deref()
            .and_then(|id| self.issued.find(id))
            .ok_or(TokenRefusal::UnknownAccessKeyId)?;
        if !same(issued.session_token.expose(), &parameters.session_token) {
            return Err(TokenRefusal::WrongSessionToken);
        }
        if now >= issued.expires_at {
            return Err(TokenRefusal::CredentialsExpired(issued.expires_at));
        }
        let (Some(region), Some(signed_at)) = (&claims.region, claims.signed_at) else {
            return Err(TokenRefusal::Unreadable);
        };
        let cluster_name = self.cluster_name.as_str();
        let request = SignedRequest {
            method: "GET",
            // These two values are the only ones that the checks let through.
            url: &format!(
                "https://{}/?Action=GetCallerIdentity&Version=2011-06-15",
                claims.sts_host
            ),
            headers: &[("x-k8s-aws-id", cluster_name)],
            body: b"",
            region,
            service: SERVICE,
            signed_at,
            location: Location::Query { expires_in: parameters.expires_in },
        };
        if request.is_signed_with(issued, &parameters.signature) {
            Ok(issued)
        } else {
            Err(TokenRefusal::WrongSignature(cluster_name.to_owned()))
        }
    }
}

/// Those parameters of the URL inside a token that [`Claims`] keeps to itself.
struct Parameters {
    session_token: String,
    expires_in: u64,
    signature: String,
}

impl Parameters {
    /// Reads a token that has passed the checks: its names are in the case of AWS, and none stands
    /// there twice. `None` where its query is no text.
    fn read(token: &str) -> Option<Self> {
        /// As the authenticator decodes: bits left over at the end are ignored.
        const RAW_URL_ENCODING: GeneralPurpose = GeneralPurpose::new(
            &alphabet::URL_SAFE,
            GeneralPurposeConfig::new()
                .with_decode_allow_trailing_bits(true)
                .with_decode_padding_mode(DecodePaddingMode::RequireNone),
        );
        let url = RAW_URL_ENCODING.decode(token.strip_prefix(PREFIX)?).ok()?;
        let url: Uri = String::from_utf8(url).ok()?.parse().ok()?;
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&url).ok()?;
        let value = |name: &str| {
            let pair = pairs.iter().find(|(candidate, _)| candidate == name)?;
            Some(pair.1.clone())
        };
        Some(Self {
            session_token: value("X-Amz-Security-Token").unwrap_or_default(),
            expires_in: value("X-Amz-Expires")?.parse().ok()?,
            signature: value("X-Amz-Signature")?,
        })
    }
}
