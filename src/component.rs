//! The WIT exports: translates between the contract's records and this crate's types.
//!
//! Nothing is decided here. Every function checks its arguments by building the types, works with
//! the stack to be wiped, and hands the answer over.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::memory::wiping_the_stack;
use crate::sts::Partition;
use crate::time::{Day, SigningTime};

use bindings::exports::eks::token::exec::{Answer, Guest as Exec};
use bindings::exports::eks::token::inspector::{Claims, Guest as Inspector, Inspection, Rejection};
use bindings::exports::eks::token::signer::Guest as Signer;
use bindings::exports::eks::token::types::{
    Credentials, EndpointFeatures, Error, Finding, Invalid, PresignedRequest, SigningKey,
    SigningMaterial, StsEndpoint, Token, TokenRequest,
};

#[expect(unsafe_code, reason = "generated glue of the component model's ABI")]
#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ world: "token-signer", path: "wit" });

    export!(Component with_types_in self);
    use super::Component;
}

struct Component;

impl Signer for Component {
    fn derive_signing_key(
        secret_access_key: String,
        region: String,
        endpoint: StsEndpoint,
        day: u32,
    ) -> Result<SigningKey, Error> {
        wiping_the_stack(move || derive_signing_key(secret_access_key, region, endpoint, day))
            .map_err(Error::from)
    }

    fn presign(credentials: Credentials, request: TokenRequest) -> Result<PresignedRequest, Error> {
        wiping_the_stack(move || presign(credentials, request)).map_err(Error::from)
    }

    fn create_token(credentials: Credentials, request: TokenRequest) -> Result<Token, Error> {
        wiping_the_stack(move || create_token(credentials, request)).map_err(Error::from)
    }
}

impl Inspector for Component {
    fn inspect(token: String, partition: Option<String>, now: u64) -> Result<Inspection, Error> {
        wiping_the_stack(move || inspect(&token, partition.as_deref(), now)).map_err(Error::from)
    }

    fn verify(token: String, credentials: Credentials, cluster: String) -> Result<bool, Error> {
        wiping_the_stack(move || {
            crate::verify(&token, &credentials.try_into()?, &cluster.try_into()?)
        })
        .map_err(Error::from)
    }
}

impl Exec for Component {
    fn exec_credential(token: Token, exec_info: Option<String>) -> Result<Answer, Error> {
        wiping_the_stack(move || exec_credential(token, exec_info.as_deref())).map_err(Error::from)
    }
}

fn derive_signing_key(
    secret_access_key: String,
    region: String,
    endpoint: StsEndpoint,
    day: u32,
) -> Result<SigningKey, crate::Error> {
    let secret = crate::SecretAccessKey::try_from(secret_access_key)?;
    let (_, signing_region) =
        crate::StsEndpoint::try_from(endpoint)?.resolve(&crate::Region::try_from(region)?)?;
    let derived = crate::DayKey::derive(&secret, signing_region, Day::try_from(day)?);
    Ok(SigningKey {
        bytes: derived.key.expose().to_vec(),
        signing_region: derived.signing_region.as_str().to_owned(),
        day,
    })
}

fn presign(
    credentials: Credentials,
    request: TokenRequest,
) -> Result<PresignedRequest, crate::Error> {
    let url = crate::PresignedUrl::new(&credentials.try_into()?, &request.try_into()?)?;
    let (name, value) = url.header();
    Ok(PresignedRequest {
        method: "GET".to_owned(),
        headers: vec![(name.to_owned(), value.to_owned())],
        expires_at: url.expires_at(),
        url: url.into_url(),
    })
}

fn create_token(credentials: Credentials, request: TokenRequest) -> Result<Token, crate::Error> {
    let token = crate::Token::new(&credentials.try_into()?, &request.try_into()?)?;
    Ok(Token {
        value: token.value,
        expires_at: token.expires_at,
        findings: findings(token.findings),
    })
}

fn inspect(token: &str, partition: Option<&str>, now: u64) -> Result<Inspection, crate::Error> {
    let partition = partition.map(Partition::try_from).transpose()?;
    let inspection = crate::inspect(token, partition, now);
    Ok(Inspection {
        claims: inspection.claims.map(Claims::from),
        server: inspection.server.map_err(Rejection::from),
        findings: findings(inspection.findings),
    })
}

fn exec_credential(token: Token, exec_info: Option<&str>) -> Result<Answer, crate::Error> {
    let answer = crate::exec_credential(&token.value, token.expires_at, exec_info)?;
    let mut all = token.findings;
    all.extend(findings(answer.findings));
    Ok(Answer { json: answer.json, findings: all })
}

fn findings(findings: Vec<crate::Finding>) -> Vec<Finding> {
    let translate =
        |finding: crate::Finding| Finding { code: finding.code, message: finding.message };
    findings.into_iter().map(translate).collect()
}

impl TryFrom<Credentials> for crate::Credentials {
    type Error = crate::Error;

    fn try_from(credentials: Credentials) -> Result<Self, crate::Error> {
        Ok(Self {
            access_key_id: credentials.access_key_id.try_into()?,
            material: credentials.material.try_into()?,
            session_token: credentials
                .session_token
                .map(crate::SessionToken::try_from)
                .transpose()?,
            expires_at: credentials.expires_at,
        })
    }
}

impl TryFrom<SigningMaterial> for crate::SigningMaterial {
    type Error = crate::Error;

    fn try_from(material: SigningMaterial) -> Result<Self, crate::Error> {
        Ok(match material {
            SigningMaterial::SecretAccessKey(secret) => Self::SecretAccessKey(secret.try_into()?),
            SigningMaterial::SigningKeys(keys) => Self::DayKeys(
                keys.into_iter().map(crate::DayKey::try_from).collect::<Result<_, _>>()?,
            ),
        })
    }
}

impl TryFrom<SigningKey> for crate::DayKey {
    type Error = crate::Error;

    fn try_from(key: SigningKey) -> Result<Self, crate::Error> {
        Ok(Self {
            key: key.bytes.as_slice().try_into()?,
            signing_region: key.signing_region.try_into()?,
            day: key.day.try_into()?,
        })
    }
}

impl TryFrom<StsEndpoint> for crate::StsEndpoint {
    type Error = crate::Error;

    fn try_from(endpoint: StsEndpoint) -> Result<Self, crate::Error> {
        Ok(match endpoint {
            StsEndpoint::Regional(features) => Self::Regional(crate::EndpointFeatures {
                fips: features.contains(EndpointFeatures::FIPS),
                dual_stack: features.contains(EndpointFeatures::DUAL_STACK),
            }),
            StsEndpoint::Global => Self::Global,
            StsEndpoint::Custom(custom) => Self::Custom {
                host: custom.host.try_into()?,
                signing_region: custom.signing_region.try_into()?,
            },
        })
    }
}

impl TryFrom<TokenRequest> for crate::TokenRequest {
    type Error = crate::Error;

    fn try_from(request: TokenRequest) -> Result<Self, crate::Error> {
        Ok(Self {
            cluster: request.cluster.try_into()?,
            region: request.region.try_into()?,
            endpoint: request.endpoint.try_into()?,
            signed_at: SigningTime::from_unix_seconds(request.signed_at)?,
            url_expires_in: optional(request.url_expires_in)?,
            lifetime: optional(request.lifetime)?,
        })
    }
}

/// The value where there is one, checked; else the default.
fn optional<T>(value: Option<u32>) -> Result<T, crate::Error>
where
    T: Default + TryFrom<u32, Error = crate::Error>,
{
    value.map_or_else(|| Ok(T::default()), T::try_from)
}

impl From<crate::Claims> for Claims {
    fn from(claims: crate::Claims) -> Self {
        Self {
            sts_host: claims.sts_host,
            region: claims.region,
            partition: claims.partition.map(|partition| partition.name().to_string()),
            access_key_id: claims.access_key_id,
            signed_at: claims.signed_at,
            refused_from: claims.refused_from,
            has_session_token: claims.has_session_token,
            signed_headers: claims.signed_headers,
        }
    }
}

impl From<crate::Rejection> for Rejection {
    fn from(rejection: crate::Rejection) -> Self {
        use crate::Rejection as Core;
        match rejection {
            Core::TooLarge(length) => Self::TooLarge(length),
            Core::MissingPrefix => Self::MissingPrefix,
            Core::NotBase64Url => Self::NotBase64url,
            Core::NotAUrl => Self::NotAUrl,
            Core::UnexpectedScheme => Self::UnexpectedScheme,
            Core::UnexpectedHost => Self::UnexpectedHost,
            Core::UnexpectedPath => Self::UnexpectedPath,
            Core::MalformedQuery => Self::MalformedQuery,
            Core::DuplicateParameter(name) => Self::DuplicateParameter(name),
            Core::UnexpectedParameter(name) => Self::UnexpectedParameter(name),
            Core::MultipleValues(name) => Self::MultipleValues(name),
            Core::UnexpectedAction => Self::UnexpectedAction,
            Core::ClusterNotSigned => Self::ClusterNotSigned,
            Core::InvalidExpires => Self::InvalidExpires,
            Core::MissingDate => Self::MissingDate,
            Core::MalformedDate => Self::MalformedDate,
            Core::Expired(at) => Self::Expired(at),
            Core::Other(reason) => Self::Other(reason),
        }
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        use crate::Error as Core;
        match error {
            Core::AccessKeyId(why) => Self::AccessKeyId(why.into()),
            Core::SecretAccessKey(why) => Self::SecretAccessKey(why.into()),
            Core::SessionToken(why) => Self::SessionToken(why.into()),
            Core::SigningKey(why) => Self::SigningKey(why.into()),
            Core::Cluster(why) => Self::Cluster(why.into()),
            Core::Region(why) => Self::Region(why.into()),
            Core::Host(why) => Self::Host(why.into()),
            Core::SignedAt(why) => Self::SignedAt(why.into()),
            Core::UrlExpiresIn(why) => Self::UrlExpiresIn(why.into()),
            Core::Lifetime(why) => Self::Lifetime(why.into()),
            Core::ExpiresAt(why) => Self::ExpiresAt(why.into()),
            Core::UnknownRegion => Self::UnknownRegion,
            Core::UnknownPartition => Self::UnknownPartition,
            Core::EndpointUnsupported => Self::EndpointUnsupported,
            Core::NoMatchingSigningKey => Self::NoMatchingSigningKey,
            Core::CredentialsExpired { at } => Self::CredentialsExpired(at),
        }
    }
}

impl From<crate::Invalid> for Invalid {
    fn from(invalid: crate::Invalid) -> Self {
        use crate::Invalid as Core;
        match invalid {
            Core::Empty => Self::Empty,
            Core::TooLong { limit } => Self::TooLong(limit),
            Core::ForbiddenByte { offset } => Self::ForbiddenByte(offset),
            Core::OutOfRange => Self::OutOfRange,
        }
    }
}
