//! `GetCallerIdentity`, presigned: the request inside every token.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use alloc::string::String;
use core::fmt;

use super::{Region, SERVICE, StsEndpoint, StsHost};
use crate::cluster::Cluster;
use crate::credentials::{Credentials, SessionToken};
use crate::error::{Error, Invalid};
use crate::sigv4::{
    CanonicalRequest, CredentialScope, PathStyle, PayloadHash, Presigning, Request, StringToSign,
};
use crate::text::concat;
use crate::time::SigningTime;
use crate::token::Lifetime;

/// The header whose signed value binds a token to a cluster.
pub(crate) const CLUSTER_HEADER: &str = "x-k8s-aws-id";

const ACTION: (&str, &str) = ("Action", "GetCallerIdentity");
const VERSION: (&str, &str) = ("Version", "2011-06-15");

/// `X-Amz-Expires`, in seconds: 1 to 900. Clusters ignore it, within these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlExpiry(u32);

impl UrlExpiry {
    /// Seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl Default for UrlExpiry {
    /// 60 seconds, as every client of EKS says.
    fn default() -> Self {
        Self(60)
    }
}

impl TryFrom<u32> for UrlExpiry {
    type Error = Error;

    fn try_from(seconds: u32) -> Result<Self, Error> {
        if (1..=900).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(Error::UrlExpiresIn(Invalid::OutOfRange))
        }
    }
}

/// What a token is asked for.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// The cluster that the token will be good for.
    pub cluster: Cluster,
    /// The cluster's region.
    pub region: Region,
    /// The STS endpoint that the cluster's authenticator will call.
    pub endpoint: StsEndpoint,
    /// The instant of the signature.
    pub signed_at: SigningTime,
    /// What `X-Amz-Expires` says.
    pub url_expires_in: UrlExpiry,
    /// What the token claims to live.
    pub lifetime: Lifetime,
}

/// A presigned `GetCallerIdentity`. Whoever holds it is the caller, at any cluster of that name:
/// a secret, redacted in `Debug`.
pub struct PresignedUrl {
    url: String,
    cluster: Cluster,
    expires_at: u64,
}

impl PresignedUrl {
    /// Signs.
    ///
    /// # Errors
    /// [`Error::CredentialsExpired`], [`Error::NoMatchingSigningKey`], or the endpoint's own.
    pub fn new(credentials: &Credentials, request: &TokenRequest) -> Result<Self, Error> {
        let signed_at = request.signed_at;
        if let Some(at) = credentials.expires_at.filter(|at| *at <= signed_at.unix_seconds()) {
            return Err(Error::CredentialsExpired { at });
        }
        let (host, signing_region) = request.endpoint.resolve(&request.region)?;
        let expires_in = request.url_expires_in.seconds();
        Self::sign(credentials, &request.cluster, &host, &signing_region, signed_at, expires_in)
    }

    /// Signs for a host that is settled already. `expires_in` is in seconds.
    pub(crate) fn sign(
        credentials: &Credentials,
        cluster: &Cluster,
        host: &StsHost,
        signing_region: &Region,
        signed_at: SigningTime,
        expires_in: u32,
    ) -> Result<Self, Error> {
        let stamp = signed_at.stamp();
        let scope = CredentialScope {
            day: signed_at.day(),
            region: signing_region.as_str(),
            service: SERVICE,
        };
        let key = credentials.signing_key(&scope)?;
        let presigning = Presigning {
            access_key_id: credentials.access_key_id.as_str(),
            scope,
            stamp: &stamp,
            expires_in,
            session_token: credentials.session_token.as_ref().map(SessionToken::expose),
        };
        let canonical = canonical_request(host.as_str(), cluster, &presigning);
        let signature = key.sign(&StringToSign::new(&canonical, &stamp, &scope));
        Ok(Self {
            // The canonical query is the emitted query: one text, so that they cannot disagree.
            url: concat(&[
                "https://",
                host.as_str(),
                "/?",
                canonical.query(),
                "&X-Amz-Signature=",
                signature.hex().as_str(),
            ]),
            cluster: cluster.clone(),
            expires_at: signed_at.unix_seconds() + u64::from(expires_in),
        })
    }

    /// The URL. A secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// The URL itself, given away. A secret.
    #[must_use]
    pub fn into_url(self) -> String {
        self.url
    }

    /// The one header that must be sent with it, besides `host`.
    #[must_use]
    pub fn header(&self) -> (&'static str, &str) {
        (CLUSTER_HEADER, self.cluster.as_str())
    }

    /// `X-Amz-Date` + `X-Amz-Expires`, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn expires_at(&self) -> u64 {
        self.expires_at
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresignedUrl([redacted])")
    }
}

/// Step 1 for this request: `host` and the cluster are signed, and nothing else. One more signed
/// header once broke every token of a well-known tool (eksctl #7486).
fn canonical_request(
    host: &str,
    cluster: &Cluster,
    presigning: &Presigning<'_>,
) -> CanonicalRequest {
    let request = Request {
        method: "GET",
        path: "/",
        path_style: PathStyle::AsIs,
        query: &[ACTION, VERSION],
        headers: &[("host", host), (CLUSTER_HEADER, cluster.as_str())],
        payload: &PayloadHash::EMPTY,
    };
    CanonicalRequest::new(&request, presigning)
}
