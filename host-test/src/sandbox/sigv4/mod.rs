//! Who signed a request? One verification for all servers that take SigV4: the signature may stand
//! in a header or in the query.

mod authorization;
mod claim;
mod refusal;
mod signature;
mod stamp;

use std::sync::Arc;

use http::HeaderMap;
use http::request::Parts;

use super::Clock;
use super::credentials::{IssuedCredentials, IssuedSet};
use crate::Partition;
use claim::{Claim, SigningQuery, text};
use signature::{SignedRequest, same};

pub(super) use refusal::RequestRefusal;

/// How far `X-Amz-Date` may be ahead of the clock, in seconds.
const MAX_AHEAD: u64 = 300;
/// Headers that aws-sigv4 adds itself.
const ADDED_BY_SIGNER: [&str; 2] = ["x-amz-date", "x-amz-security-token"];

/// What a server takes signatures for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service<'a> {
    /// The signing name.
    pub(super) name: &'static str,
    /// Where it is; `None` where it stands for all regions of partition `aws`.
    pub(super) region: Option<&'a str>,
    /// How far `X-Amz-Date` may be behind the clock, in seconds.
    pub(super) max_age: u64,
}

/// Knows the credentials that were issued, and the time.
#[derive(Clone)]
pub(super) struct Verifier {
    pub(super) issued: Arc<IssuedSet>,
    pub(super) clock: Clock,
}

impl Verifier {
    /// The credentials that the request is signed with.
    pub(super) fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
        service: Service<'_>,
    ) -> Result<Arc<IssuedCredentials>, RequestRefusal> {
        let query = SigningQuery::of(&parts.uri);
        let claim = Claim::of(&parts.headers, &query)?;
        let issued = self.find(&claim)?;
        check_scope(&claim, service)?;
        let signed_at = self.check_date(&claim, service)?;
        let headers = signed_headers(&claim, &parts.headers)?;
        let request = SignedRequest {
            method: parts.method.as_str(),
            // The host that counts is among the headers.
            url: &format!("https://127.0.0.1{}", query.unsigned_target(&parts.uri)),
            headers: &headers,
            body,
            region: claim.scope.region,
            service: service.name,
            signed_at,
            location: claim.location,
        };
        if request.is_signed_with(&issued, claim.signature) {
            Ok(issued)
        } else {
            Err(RequestRefusal::WrongSignature)
        }
    }

    fn find(&self, claim: &Claim<'_>) -> Result<Arc<IssuedCredentials>, RequestRefusal> {
        let issued = self.issued.find(claim.scope.access_key_id);
        let issued = issued.ok_or(RequestRefusal::UnknownAccessKeyId)?;
        if !same(issued.session_token.expose(), claim.session_token) {
            return Err(RequestRefusal::WrongSessionToken);
        }
        if self.clock.now() >= issued.expires_at {
            return Err(RequestRefusal::CredentialsExpired(issued.expires_at));
        }
        Ok(issued)
    }

    /// When the request was signed, in Unix seconds. `X-Amz-Expires` does not count: STS takes
    /// what was presigned for as long as anything else (aws-iam-authenticator
    /// `pkg/token/token.go`, at `requestPresignParam`).
    fn check_date(&self, claim: &Claim<'_>, service: Service<'_>) -> Result<u64, RequestRefusal> {
        let signed_at = stamp::parse(claim.stamp).ok_or(RequestRefusal::WrongDate)?;
        if !claim.stamp.starts_with(claim.scope.day) || claim.scope.day.len() != 8 {
            return Err(RequestRefusal::WrongDate);
        }
        let now = self.clock.now();
        if signed_at.saturating_add(service.max_age) < now {
            return Err(RequestRefusal::Expired { signed_at, now, tolerance: service.max_age });
        }
        if signed_at > now.saturating_add(MAX_AHEAD) {
            return Err(RequestRefusal::NotYetCurrent { signed_at, now, tolerance: MAX_AHEAD });
        }
        Ok(signed_at)
    }
}

fn check_scope(claim: &Claim<'_>, service: Service<'_>) -> Result<(), RequestRefusal> {
    if claim.scope.service != service.name {
        return Err(RequestRefusal::WrongService(service.name));
    }
    let is_right = match service.region {
        Some(region) => claim.scope.region == region,
        None => Partition::of_region(claim.scope.region) == Some(Partition::Aws),
    };
    if is_right { Ok(()) } else { Err(RequestRefusal::WrongRegion) }
}

/// Names and values of the signed headers, but those that the signer adds itself.
fn signed_headers<'a>(
    claim: &Claim<'a>,
    headers: &'a HeaderMap,
) -> Result<Vec<(&'a str, &'a str)>, RequestRefusal> {
    if !claim.must_sign.iter().all(|name| claim.signed_headers.contains(name)) {
        return Err(RequestRefusal::HeaderNotSigned);
    }
    let names = claim.signed_headers.iter().copied();
    names
        .filter(|name| !ADDED_BY_SIGNER.contains(name))
        .map(|name| Some((name, text(headers, name)?)))
        .collect::<Option<Vec<_>>>()
        .ok_or(RequestRefusal::HeaderMissing)
}
