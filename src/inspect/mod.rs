//! Reads a token the way the server will, without asking anyone.
//!
//! The model is aws-iam-authenticator `pkg/token/token.go`, `Verify`, built with Go 1.26: the same
//! checks in the same order, down to what Go's `url.Parse`, `url.ParseQuery`, `strconv.Atoi`,
//! `time.Parse` and base64 let pass. Behind them come the things that the server leaves to STS.

mod claims;
mod date;
mod host;
mod query;
mod rejection;
mod sts_checks;
mod url;

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

pub use claims::Claims;
pub use rejection::Rejection;

pub(crate) use date::parse as parse_date;
pub(crate) use query::Query;
pub(crate) use url::Url;

use crate::finding::Finding;
use crate::sts::{CLUSTER_HEADER, Partition};
use crate::token::{ACCEPTED_FOR, MAX_LENGTH, PREFIX};

/// What a token says, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What could be read, where the token holds a URL at all.
    pub claims: Option<Claims>,
    /// The first of the server's checks that the token fails, if it fails one.
    pub server: Result<(), Rejection>,
    /// What the server does not check and STS will refuse.
    pub findings: Vec<Finding>,
}

/// Inspects `token` as a cluster of `partition` would at `now` (Unix seconds). Without a partition
/// the host's own is taken. A bad token is no error: it is what the answer is about.
///
/// ```
/// use eks_token_signer::{Rejection, inspect};
///
/// let inspection = inspect("k8s-aws-v1.!", None, 1_700_000_000);
/// assert_eq!(inspection.server, Err(Rejection::NotBase64Url));
/// ```
#[must_use]
pub fn inspect(token: &str, partition: Option<Partition>, now: u64) -> Inspection {
    let (url, query) = match check_length(token).and_then(|()| read(token)) {
        Ok(read) => read,
        Err(rejection) => {
            return Inspection { claims: None, server: Err(rejection), findings: Vec::new() };
        }
    };
    Inspection {
        server: check(&url, &query, partition, now),
        findings: sts_checks::findings(&url, &query, now),
        claims: Some(Claims::read(&url, &query)),
    }
}

/// Check 1.
fn check_length(token: &str) -> Result<(), Rejection> {
    if token.len() > MAX_LENGTH {
        return Err(Rejection::TooLarge(u32::try_from(token.len()).unwrap_or(u32::MAX)));
    }
    Ok(())
}

/// Checks 2 to 4: from the token to a URL. The query is parsed as far as it can be.
pub(crate) fn read(token: &str) -> Result<(Url, Query), Rejection> {
    let encoded = token.strip_prefix(PREFIX).ok_or(Rejection::MissingPrefix)?;
    let decoded = decode(encoded).ok_or(Rejection::NotBase64Url)?;
    let url = Url::parse(&decoded).ok_or(Rejection::NotAUrl)?;
    let query = Query::parse(&url.raw_query);
    Ok((url, query))
}

/// Go's `base64.RawURLEncoding`: no padding, bits left over at the end are ignored, and so are
/// line breaks wherever they stand (`encoding/base64`, `Encoding.Decode`).
fn decode(encoded: &str) -> Option<Vec<u8>> {
    const RAW_URL_ENCODING: GeneralPurpose = GeneralPurpose::new(
        &alphabet::URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    if !encoded.contains(['\r', '\n']) {
        return RAW_URL_ENCODING.decode(encoded).ok();
    }
    let mut joined = String::with_capacity(encoded.len());
    joined.extend(encoded.split(['\r', '\n']));
    RAW_URL_ENCODING.decode(joined).ok()
}

/// Checks 5 to 17.
fn check(
    url: &Url,
    query: &Query,
    partition: Option<Partition>,
    now: u64,
) -> Result<(), Rejection> {
    if url.scheme != "https" {
        return Err(Rejection::UnexpectedScheme);
    }
    if !host::is_accepted(&url.host, partition) {
        return Err(Rejection::UnexpectedHost);
    }
    if url.path != b"/" {
        return Err(Rejection::UnexpectedPath);
    }
    check_names(query)?;
    if query.value("action") != b"GetCallerIdentity" {
        return Err(Rejection::UnexpectedAction);
    }
    if !query.signed_headers().any(|header| query::equal_folded(header, CLUSTER_HEADER)) {
        return Err(Rejection::ClusterNotSigned);
    }
    if !query::parse_integer(query.value("x-amz-expires")).is_some_and(|n| (0..=900).contains(&n)) {
        return Err(Rejection::InvalidExpires);
    }
    check_date(query.value("x-amz-date"), now)
}

/// Checks 8 to 11: which parameters there are.
fn check_names(query: &Query) -> Result<(), Rejection> {
    /// The parameters that a server lets pass, in lower case.
    const ALLOWED: [&str; 9] = [
        "action",
        "version",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
    ];
    if query.malformed {
        return Err(Rejection::MalformedQuery);
    }
    for (index, parameter) in query.parameters.iter().enumerate() {
        let mut earlier = query.parameters.iter().take(index);
        if earlier.any(|other| other.name != parameter.name && other.lower == parameter.lower) {
            return Err(Rejection::DuplicateParameter(parameter.printable_name()));
        }
    }
    for parameter in &query.parameters {
        if !ALLOWED.contains(&parameter.lower.as_str()) {
            return Err(Rejection::UnexpectedParameter(parameter.printable_name()));
        }
        if query.parameters.iter().filter(|other| other.name == parameter.name).count() > 1 {
            return Err(Rejection::MultipleValues(parameter.printable_name()));
        }
    }
    Ok(())
}

/// Checks 15 to 17. There is none against the future.
fn check_date(date: &[u8], now: u64) -> Result<(), Rejection> {
    if date.is_empty() {
        return Err(Rejection::MissingDate);
    }
    let signed_at = parse_date(date).ok_or(Rejection::MalformedDate)?;
    let refused_from = signed_at.saturating_add_unsigned(ACCEPTED_FOR);
    if i64::try_from(now).unwrap_or(i64::MAX) > refused_from {
        return Err(Rejection::Expired(u64::try_from(refused_from).unwrap_or(0)));
    }
    Ok(())
}
