//! What a signed request claims, whether in its header `authorization` or in its query.

use std::borrow::Cow;

use http::HeaderMap;
use http::Uri;

use super::authorization::{Authorization, Scope};
use super::refusal::RequestRefusal;
use super::signature::Location;

/// The parameters of the query that belong to the signature, as the AWS document spells them.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>
const ALGORITHM: &str = "X-Amz-Algorithm";
const CREDENTIAL: &str = "X-Amz-Credential";
const DATE: &str = "X-Amz-Date";
const EXPIRES: &str = "X-Amz-Expires";
const SECURITY_TOKEN: &str = "X-Amz-Security-Token";
const SIGNATURE: &str = "X-Amz-Signature";
const SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";

/// Headers that must be signed, for the request to be bound to its host, time and session.
const HEADER_MUST_SIGN: [&str; 3] = ["host", "x-amz-date", "x-amz-security-token"];
/// In a query, time and session are signed with all of the query.
const QUERY_MUST_SIGN: [&str; 1] = ["host"];

/// All that a signature is made of but the request itself.
pub(super) struct Claim<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
    /// `X-Amz-Date`
    pub(super) stamp: &'a str,
    /// Empty where there is none.
    pub(super) session_token: &'a str,
    pub(super) must_sign: &'static [&'static str],
    pub(super) location: Location,
}

impl<'a> Claim<'a> {
    /// Reads it from where it stands; the header goes first.
    pub(super) fn of(
        headers: &'a HeaderMap,
        query: &'a SigningQuery<'_>,
    ) -> Result<Self, RequestRefusal> {
        match text(headers, "authorization") {
            Some(header) => Self::from_headers(header, headers),
            None if query.get(SIGNATURE).is_some() => {
                Self::from_query(query).ok_or(RequestRefusal::Malformed)
            }
            None => Err(RequestRefusal::NotSigned),
        }
    }

    fn from_headers(header: &'a str, headers: &'a HeaderMap) -> Result<Self, RequestRefusal> {
        let Authorization { scope, signed_headers, signature } =
            Authorization::parse(header).ok_or(RequestRefusal::Malformed)?;
        Ok(Self {
            scope,
            signed_headers,
            signature,
            stamp: text(headers, "x-amz-date").ok_or(RequestRefusal::WrongDate)?,
            session_token: text(headers, "x-amz-security-token").unwrap_or_default(),
            must_sign: &HEADER_MUST_SIGN,
            location: Location::Header,
        })
    }

    fn from_query(query: &'a SigningQuery<'_>) -> Option<Self> {
        let is_sigv4 = query.get(ALGORITHM)? == "AWS4-HMAC-SHA256";
        is_sigv4.then_some(Self {
            scope: Scope::parse(query.get(CREDENTIAL)?)?,
            signed_headers: query.get(SIGNED_HEADERS)?.split(';').collect(),
            signature: query.get(SIGNATURE)?,
            stamp: query.get(DATE)?,
            session_token: query.get(SECURITY_TOKEN).unwrap_or_default(),
            must_sign: &QUERY_MUST_SIGN,
            location: Location::Query { expires_in: query.get(EXPIRES)?.parse().ok()? },
        })
    }
}

/// The query of a request: what belongs to a signature, decoded, and the rest as it stands.
pub(super) struct SigningQuery<'a> {
    signing: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    rest: Vec<&'a str>,
}

impl<'a> SigningQuery<'a> {
    pub(super) fn of(uri: &'a Uri) -> Self {
        let mut query = Self { signing: Vec::new(), rest: Vec::new() };
        let parameters = uri.query().into_iter().flat_map(|query| query.split('&'));
        for parameter in parameters {
            match form_urlencoded::parse(parameter.as_bytes()).next() {
                Some(pair) if pair.0.starts_with("X-Amz-") => query.signing.push(pair),
                _ => query.rest.push(parameter),
            }
        }
        query
    }

    /// The path and the query without what presigning has added.
    pub(super) fn unsigned_target(&self, uri: &Uri) -> String {
        if self.rest.is_empty() {
            return uri.path().to_owned();
        }
        format!("{}?{}", uri.path(), self.rest.join("&"))
    }

    /// The value of this name, if it stands there once.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.signing.iter().filter(|pair| pair.0 == name);
        let value = values.next()?;
        values.next().is_none().then_some(value.1.as_ref())
    }
}

/// The header's value, if it stands there once and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
