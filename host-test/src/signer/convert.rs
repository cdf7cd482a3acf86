//! Between this project's types and the records of the contract. Secrets are lent, not copied.

use std::fmt;

use eks_token_signer::{
    Claims, Credentials, DayKey, Error, ExecCredential, Finding, Inspection, Invalid, Partition,
    Rejection, SessionToken, SigningMaterial, StsEndpoint, Token, TokenRequest,
};

use super::bindings::exports::eks::token::{exec, inspector, types};

/// A presigned `GetCallerIdentity` as any HTTP client can send it: a secret, redacted in `Debug`.
pub struct PresignedRequest {
    /// Always `GET`.
    pub method: String,
    /// The URL, whole.
    pub url: String,
    /// Headers that must be sent as they stand: they are signed.
    pub headers: Vec<(String, String)>,
    /// `X-Amz-Date` + `X-Amz-Expires`, in seconds since 1970-01-01T00:00:00Z.
    pub expires_at: u64,
}

impl fmt::Debug for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedRequest")
            .field("method", &self.method)
            .field("url", &"[redacted]")
            .field("headers", &self.headers)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl From<types::PresignedRequest> for PresignedRequest {
    fn from(request: types::PresignedRequest) -> Self {
        let types::PresignedRequest { method, url, headers, expires_at } = request;
        Self { method, url, headers, expires_at }
    }
}

/// The day keys as records, where there are any: the records of the credentials refer to them.
pub(super) fn borrow_keys(credentials: &Credentials) -> Vec<types::SigningKeyParam<'_>> {
    match &credentials.material {
        SigningMaterial::SecretAccessKey(_) => Vec::new(),
        SigningMaterial::DayKeys(keys) => keys.iter().map(day_key).collect(),
    }
}

fn day_key(key: &DayKey) -> types::SigningKeyParam<'_> {
    types::SigningKeyParam {
        bytes: key.key.expose(),
        signing_region: key.signing_region.as_str(),
        day: key.day.number(),
    }
}

pub(super) fn credentials<'a>(
    credentials: &'a Credentials,
    keys: &'a [types::SigningKeyParam<'a>],
) -> types::Credentials<'a> {
    types::Credentials {
        access_key_id: credentials.access_key_id.as_str(),
        material: match &credentials.material {
            SigningMaterial::SecretAccessKey(secret) => {
                types::SigningMaterial::SecretAccessKey(secret.expose())
            }
            SigningMaterial::DayKeys(_) => types::SigningMaterial::SigningKeys(keys),
        },
        session_token: credentials.session_token.as_ref().map(SessionToken::expose),
        expires_at: credentials.expires_at,
    }
}

pub(super) fn request(request: &TokenRequest) -> types::TokenRequest<'_> {
    types::TokenRequest {
        cluster: request.cluster.as_str(),
        region: request.region.as_str(),
        endpoint: endpoint(&request.endpoint),
        signed_at: request.signed_at.unix_seconds(),
        url_expires_in: Some(request.url_expires_in.seconds()),
        lifetime: Some(request.lifetime.seconds()),
    }
}

pub(super) fn endpoint(endpoint: &StsEndpoint) -> types::StsEndpoint<'_> {
    match endpoint {
        StsEndpoint::Regional(features) => {
            let mut flags = types::EndpointFeatures::empty();
            if features.fips {
                flags |= types::EndpointFeatures::FIPS;
            }
            if features.dual_stack {
                flags |= types::EndpointFeatures::DUAL_STACK;
            }
            types::StsEndpoint::Regional(flags)
        }
        StsEndpoint::Global => types::StsEndpoint::Global,
        StsEndpoint::Custom { host, signing_region } => {
            types::StsEndpoint::Custom(types::CustomEndpoint {
                host: host.as_str(),
                signing_region: signing_region.as_str(),
            })
        }
    }
}

pub(super) fn findings(findings: &[Finding]) -> Vec<types::FindingParam<'_>> {
    findings.iter().map(|Finding { code, message }| types::FindingParam { code, message }).collect()
}

pub(super) fn token<'a>(
    token: &'a Token,
    findings: &'a [types::FindingParam<'a>],
) -> types::TokenParam<'a> {
    types::TokenParam { value: &token.value, expires_at: token.expires_at, findings }
}

fn own(findings: Vec<types::FindingResult>) -> Vec<Finding> {
    let own =
        |finding: types::FindingResult| Finding { code: finding.code, message: finding.message };
    findings.into_iter().map(own).collect()
}

impl From<types::TokenResult> for Token {
    fn from(token: types::TokenResult) -> Self {
        Self { value: token.value, expires_at: token.expires_at, findings: own(token.findings) }
    }
}

impl TryFrom<types::SigningKeyResult> for DayKey {
    type Error = Error;

    fn try_from(key: types::SigningKeyResult) -> Result<Self, Error> {
        let bytes = zeroize::Zeroizing::new(key.bytes);
        Ok(Self {
            key: bytes.as_slice().try_into()?,
            signing_region: key.signing_region.try_into()?,
            day: key.day.try_into()?,
        })
    }
}

impl From<exec::Answer> for ExecCredential {
    fn from(answer: exec::Answer) -> Self {
        Self { json: answer.json, findings: own(answer.findings) }
    }
}

impl From<inspector::Inspection> for Inspection {
    fn from(inspection: inspector::Inspection) -> Self {
        Self {
            claims: inspection.claims.map(Claims::from),
            server: inspection.server.map_err(Rejection::from),
            findings: own(inspection.findings),
        }
    }
}

impl From<inspector::Claims> for Claims {
    fn from(claims: inspector::Claims) -> Self {
        Self {
            sts_host: claims.sts_host,
            region: claims.region,
            partition: claims.partition.and_then(|name| Partition::try_from(name.as_str()).ok()),
            access_key_id: claims.access_key_id,
            signed_at: claims.signed_at,
            refused_from: claims.refused_from,
            has_session_token: claims.has_session_token,
            signed_headers: claims.signed_headers,
        }
    }
}

impl From<inspector::Rejection> for Rejection {
    fn from(rejection: inspector::Rejection) -> Self {
        use inspector::Rejection as Wit;
        match rejection {
            Wit::TooLarge(length) => Self::TooLarge(length),
            Wit::MissingPrefix => Self::MissingPrefix,
            Wit::NotBase64url => Self::NotBase64Url,
            Wit::NotAUrl => Self::NotAUrl,
            Wit::UnexpectedScheme => Self::UnexpectedScheme,
            Wit::UnexpectedHost => Self::UnexpectedHost,
            Wit::UnexpectedPath => Self::UnexpectedPath,
            Wit::MalformedQuery => Self::MalformedQuery,
            Wit::DuplicateParameter(name) => Self::DuplicateParameter(name),
            Wit::UnexpectedParameter(name) => Self::UnexpectedParameter(name),
            Wit::MultipleValues(name) => Self::MultipleValues(name),
            Wit::UnexpectedAction => Self::UnexpectedAction,
            Wit::ClusterNotSigned => Self::ClusterNotSigned,
            Wit::InvalidExpires => Self::InvalidExpires,
            Wit::MissingDate => Self::MissingDate,
            Wit::MalformedDate => Self::MalformedDate,
            Wit::Expired(at) => Self::Expired(at),
            Wit::Other(reason) => Self::Other(reason),
        }
    }
}

/// The reason as text where this program knows no such case.
impl TryFrom<types::Error> for Error {
    type Error = String;

    fn try_from(error: types::Error) -> Result<Self, String> {
        use types::Error as Wit;
        Ok(match error {
            Wit::AccessKeyId(why) => Self::AccessKeyId(why.into()),
            Wit::SecretAccessKey(why) => Self::SecretAccessKey(why.into()),
            Wit::SessionToken(why) => Self::SessionToken(why.into()),
            Wit::SigningKey(why) => Self::SigningKey(why.into()),
            Wit::Cluster(why) => Self::Cluster(why.into()),
            Wit::Region(why) => Self::Region(why.into()),
            Wit::Host(why) => Self::Host(why.into()),
            Wit::SignedAt(why) => Self::SignedAt(why.into()),
            Wit::UrlExpiresIn(why) => Self::UrlExpiresIn(why.into()),
            Wit::Lifetime(why) => Self::Lifetime(why.into()),
            Wit::ExpiresAt(why) => Self::ExpiresAt(why.into()),
            Wit::UnknownRegion => Self::UnknownRegion,
            Wit::UnknownPartition => Self::UnknownPartition,
            Wit::EndpointUnsupported => Self::EndpointUnsupported,
            Wit::NoMatchingSigningKey => Self::NoMatchingSigningKey,
            Wit::CredentialsExpired(at) => Self::CredentialsExpired { at },
            Wit::Other(reason) => return Err(reason),
        })
    }
}

impl From<types::Invalid> for Invalid {
    fn from(invalid: types::Invalid) -> Self {
        use types::Invalid as Wit;
        match invalid {
            Wit::Empty => Self::Empty,
            Wit::TooLong(limit) => Self::TooLong { limit },
            Wit::ForbiddenByte(offset) => Self::ForbiddenByte { offset },
            Wit::OutOfRange => Self::OutOfRange,
        }
    }
}
