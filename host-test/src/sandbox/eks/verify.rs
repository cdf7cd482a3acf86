//! Who signed a request to the EKS API?

use http::HeaderMap;
use http::request::Parts;
use time::{Date, Month, Time};

use super::EksApi;
use super::authorization::Authorization;
use crate::sandbox::credentials::IssuedCredentials;
use crate::sandbox::signature::{Location, SignedRequest, same};

/// How far `X-Amz-Date` may be from the clock, in seconds.
const CLOCK_SKEW: u64 = 300;
/// The signing name of the service.
const SERVICE: &str = "eks";
/// Headers that must be signed, for the request to be bound to its host, time and session.
const MUST_BE_SIGNED: [&str; 3] = ["host", "x-amz-date", "x-amz-security-token"];
/// Of these, those that aws-sigv4 adds itself.
const ADDED_BY_SIGNER: [&str; 2] = ["x-amz-date", "x-amz-security-token"];

/// Why a request was refused. As text it is for the operator; [`message`](Self::message) is what
/// the caller learns. None holds any part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestRefusal {
    #[error("the request is not signed")]
    NotSigned,
    #[error("the authorization header is not one of SigV4")]
    MalformedAuthorization,
    #[error("the access key id is none of this sandbox; use its credentials, not those of AWS")]
    UnknownAccessKeyId,
    #[error("the session token is not the one that belongs to the access key id")]
    WrongSessionToken,
    #[error("the credentials have expired; start the sandbox again")]
    CredentialsExpired,
    #[error("the request is signed for another service than eks")]
    WrongService,
    #[error("the request is signed for another region than the sandbox's")]
    WrongRegion,
    #[error("X-Amz-Date is missing, or not of the day that the request is signed for")]
    WrongDate,
    #[error("X-Amz-Date is more than five minutes from the sandbox's clock")]
    ClockSkew,
    #[error("one of host, x-amz-date and x-amz-security-token is not signed")]
    HeaderNotSigned,
    #[error("a signed header is missing, or is no text")]
    HeaderMissing,
    #[error("the signature is another: signed with another secret, or changed afterwards")]
    WrongSignature,
}

impl RequestRefusal {
    /// AWS's code for it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::NotSigned => "MissingAuthenticationTokenException",
            Self::MalformedAuthorization => "IncompleteSignatureException",
            Self::UnknownAccessKeyId | Self::WrongSessionToken => "UnrecognizedClientException",
            Self::CredentialsExpired => "ExpiredTokenException",
            Self::WrongService
            | Self::WrongRegion
            | Self::WrongDate
            | Self::ClockSkew
            | Self::HeaderNotSigned
            | Self::HeaderMissing
            | Self::WrongSignature => "InvalidSignatureException",
        }
    }

    /// What the caller is told.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::NotSigned => "Missing Authentication Token",
            Self::MalformedAuthorization => "The Authorization header is incomplete.",
            Self::UnknownAccessKeyId | Self::WrongSessionToken => {
                "The security token included in the request is invalid."
            }
            Self::CredentialsExpired => "The security token included in the request is expired",
            Self::WrongService => "Credential should be scoped to correct service: 'eks'.",
            Self::WrongRegion => "Credential should be scoped to a valid region.",
            Self::WrongDate => "The date in the credential scope is not that of X-Amz-Date.",
            Self::ClockSkew => "Signature expired or not yet current: check the clock.",
            Self::HeaderNotSigned => "A header that must be signed is not.",
            Self::HeaderMissing => "A signed header is missing from the request.",
            Self::WrongSignature => "The request signature does not match the one calculated.",
        }
    }
}

impl EksApi {
    /// The credentials that the request is signed with.
    pub(super) fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
    ) -> Result<&IssuedCredentials, RequestRefusal> {
        let header = text(&parts.headers, "authorization").ok_or(RequestRefusal::NotSigned)?;
        let authorization =
            Authorization::parse(header).ok_or(RequestRefusal::MalformedAuthorization)?;
        let issued = self.find(&authorization, &parts.headers)?;
        self.check_scope(&authorization)?;
        let signed_at = self.check_date(&authorization, &parts.headers)?;
        let headers = signed_headers(&authorization, &parts.headers)?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let request = SignedRequest {
            method: parts.method.as_str(),
            // The host that counts is among the headers.
            url: &format!("https://127.0.0.1{path}"),
            headers: &headers,
            body,
            region: authorization.region,
            service: SERVICE,
            signed_at,
            location: Location::Header,
        };
        if request.is_signed_with(issued, authorization.signature) {
            Ok(issued)
        } else {
            Err(RequestRefusal::WrongSignature)
        }
    }

    fn find(
        &self,
        authorization: &Authorization<'_>,
        headers: &HeaderMap,
    ) -> Result<&IssuedCredentials, RequestRefusal> {
        let issued = self
            .issued
            .find(authorization.access_key_id)
            .ok_or(RequestRefusal::UnknownAccessKeyId)?;
        let session_token = text(headers, "x-amz-security-token").unwrap_or_default();
        if !same(issued.session_token.expose(), session_token) {
            return Err(RequestRefusal::WrongSessionToken);
        }
        if self.clock.now() >= issued.expires_at {
            return Err(RequestRefusal::CredentialsExpired);
        }
        Ok(issued)
    }

    fn check_scope(&self, authorization: &Authorization<'_>) -> Result<(), RequestRefusal> {
        if authorization.service != SERVICE {
            return Err(RequestRefusal::WrongService);
        }
        if authorization.region != self.region.as_str() {
            return Err(RequestRefusal::WrongRegion);
        }
        Ok(())
    }

    /// When the request was signed, in Unix seconds.
    fn check_date(
        &self,
        authorization: &Authorization<'_>,
        headers: &HeaderMap,
    ) -> Result<u64, RequestRefusal> {
        let stamp = text(headers, "x-amz-date").ok_or(RequestRefusal::WrongDate)?;
        let signed_at = parse_stamp(stamp).ok_or(RequestRefusal::WrongDate)?;
        if !stamp.starts_with(authorization.day) || authorization.day.len() != 8 {
            return Err(RequestRefusal::WrongDate);
        }
        if self.clock.now().abs_diff(signed_at) > CLOCK_SKEW {
            return Err(RequestRefusal::ClockSkew);
        }
        Ok(signed_at)
    }
}

/// Names and values of the signed headers, but those that the signer adds itself.
fn signed_headers<'a>(
    authorization: &Authorization<'a>,
    headers: &'a HeaderMap,
) -> Result<Vec<(&'a str, &'a str)>, RequestRefusal> {
    if !MUST_BE_SIGNED.iter().all(|name| authorization.signed_headers.contains(name)) {
        return Err(RequestRefusal::HeaderNotSigned);
    }
    let names = authorization.signed_headers.iter().copied();
    names
        .filter(|name| !ADDED_BY_SIGNER.contains(name))
        .map(|name| Some((name, text(headers, name)?)))
        .collect::<Option<Vec<_>>>()
        .ok_or(RequestRefusal::HeaderMissing)
}

/// The header's value, if it stands there once and is text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Reads `YYYYMMDDTHHMMSSZ` as Unix seconds.
fn parse_stamp(stamp: &str) -> Option<u64> {
    let (day, time_of_day) = stamp.strip_suffix('Z')?.split_once('T')?;
    let [century, year, month, day] = pairs(day)?;
    let [hour, minute, second] = pairs(time_of_day)?;
    let year = i32::from(century) * 100 + i32::from(year);
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    u64::try_from(date.with_time(time).assume_utc().unix_timestamp()).ok()
}

/// Exactly this many numbers of two digits each.
fn pairs<const COUNT: usize>(digits: &str) -> Option<[u8; COUNT]> {
    if digits.len() != 2 * COUNT || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut numbers = [0; COUNT];
    for (number, pair) in numbers.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *number = pair.iter().fold(0, |number, digit| number * 10 + (digit - b'0'));
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::parse_stamp;

    #[test]
    fn stamps_are_read() {
        assert_eq!(parse_stamp("19700101T000000Z"), Some(0));
        assert_eq!(parse_stamp("20231114T221320Z"), Some(1_700_000_000));
        assert_eq!(parse_stamp("20240229T235959Z"), Some(1_709_251_199));
        assert_eq!(parse_stamp("99991231T235959Z"), Some(253_402_300_799));
    }

    #[test]
    fn what_is_no_stamp_is_not() {
        for stamp in ["", "20230229T000000Z", "20231114T240000Z", "20231114T221320", "+0231114T2Z"]
        {
            assert_eq!(parse_stamp(stamp), None, "{stamp}");
        }
    }
}
