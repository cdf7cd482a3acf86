//! What the server lets pass and STS then refuses: the reason behind many a bare 401.
//!
//! The rules are those of SigV4
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>), and
//! of what a server sends along: `host`, `x-k8s-aws-id` and `accept`.

use alloc::vec::Vec;

use super::host::region_and_domain;
use super::{Query, Url, parse_date};
use crate::finding::{self, Finding, Remark};
use crate::sigv4::{ALGORITHM, CredentialScope};
use crate::sts::{CLUSTER_HEADER, GLOBAL_HOST, GLOBAL_SIGNING_REGION, SERVICE};

/// How far ahead of the clock STS lets `X-Amz-Date` be, in seconds.
const CLOCK_SKEW: i64 = 300;

/// Everything that STS would object to, in no order of weight.
pub(super) fn findings(url: &Url, query: &Query, now: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |applies: bool, remark: &Remark| {
        if applies {
            findings.push(Finding::from(remark));
        }
    };
    note(url.has_userinfo, &USERINFO);
    note(has_unusual_names(query), &PARAMETER_CASE);
    note(query.value("x-amz-algorithm") != ALGORITHM.as_bytes(), &ALGORITHM_UNKNOWN);
    note(query.value("version") != b"2011-06-15", &VERSION_UNKNOWN);
    note(!is_hex_digest(query.value("x-amz-signature")), &SIGNATURE_MALFORMED);
    note(!query.signed_headers().any(|name| name == b"host"), &HOST_NOT_SIGNED);
    note(has_foreign_signed_header(query), &FOREIGN_SIGNED_HEADER);
    note(is_ahead(query.value("x-amz-date"), now), &DATE_AHEAD);
    match query.text("x-amz-credential").and_then(Credential::parse) {
        None => note(true, &CREDENTIAL_MALFORMED),
        Some(credential) => {
            let date = query.value("x-amz-date").get(..8).unwrap_or_default();
            note(credential.day.as_bytes() != date, &SCOPE_DATE);
            let region = core::str::from_utf8(&url.host).ok().and_then(signing_region);
            note(Some(credential.region) != region, &SCOPE_REGION);
            note(credential.service != SERVICE, &SCOPE_SERVICE);
            let lacks_session_token = query.value("x-amz-security-token").is_empty();
            let is_temporary = credential.access_key_id.starts_with("ASIA");
            note(is_temporary && lacks_session_token, &finding::MISSING_SESSION_TOKEN);
        }
    }
    findings
}

/// `X-Amz-Credential`, taken apart.
struct Credential<'a> {
    access_key_id: &'a str,
    day: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Credential<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split('/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (access_key_id, day, region, service) = (next()?, next()?, next()?, next()?);
        let is_whole = next()? == CredentialScope::TERMINATOR && parts.next().is_none();
        is_whole.then_some(Self { access_key_id, day, region, service })
    }
}

/// The region that a request to `host` has to be signed for.
fn signing_region(host: &str) -> Option<&str> {
    if host == GLOBAL_HOST {
        Some(GLOBAL_SIGNING_REGION)
    } else {
        region_and_domain(host).map(|(region, _)| region)
    }
}

/// The server compares names without case; it passes them on as they are, and STS does not.
fn has_unusual_names(query: &Query) -> bool {
    const USUAL: [&[u8]; 9] = [
        b"Action",
        b"Version",
        b"X-Amz-Algorithm",
        b"X-Amz-Credential",
        b"X-Amz-Date",
        b"X-Amz-Expires",
        b"X-Amz-Security-Token",
        b"X-Amz-Signature",
        b"X-Amz-SignedHeaders",
    ];
    query.parameters.iter().any(|parameter| {
        USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(parameter.lower.as_bytes()))
            && !USUAL.contains(&parameter.name.as_slice())
    })
}

fn is_hex_digest(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn has_foreign_signed_header(query: &Query) -> bool {
    query.signed_headers().any(|name| {
        !name.is_empty() && name != b"host" && !name.eq_ignore_ascii_case(CLUSTER_HEADER.as_bytes())
    })
}

fn is_ahead(date: &[u8], now: u64) -> bool {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    parse_date(date).is_some_and(|signed_at| signed_at > now.saturating_add(CLOCK_SKEW))
}

static USERINFO: Remark = Remark {
    code: "userinfo",
    message: "the URL names a user before its host; it would be sent as a second kind of authentication, \
     which STS refuses",
};
static PARAMETER_CASE: Remark = Remark {
    code: "parameter-case",
    message: "a parameter's name is not in the case that STS knows it by, as in X-Amz-Date",
};
static ALGORITHM_UNKNOWN: Remark =
    Remark { code: "algorithm", message: "X-Amz-Algorithm is not AWS4-HMAC-SHA256" };
static VERSION_UNKNOWN: Remark =
    Remark { code: "version", message: "Version is not 2011-06-15, so STS finds no such action" };
static SIGNATURE_MALFORMED: Remark = Remark {
    code: "signature-malformed",
    message: "X-Amz-Signature is not 64 lower-case hex digits: it was cut off, or never there",
};
static HOST_NOT_SIGNED: Remark = Remark {
    code: "host-not-signed",
    message: "the header host is not signed, which SigV4 demands",
};
static FOREIGN_SIGNED_HEADER: Remark = Remark {
    code: "foreign-signed-header",
    message: "a header besides host and x-k8s-aws-id is signed, and the server will not send it; sign \
     those two only",
};
static DATE_AHEAD: Remark = Remark {
    code: "date-ahead",
    message: "it was signed more than five minutes in the future; set the clock of the signing machine",
};
static CREDENTIAL_MALFORMED: Remark = Remark {
    code: "credential-malformed",
    message: "X-Amz-Credential is not of the form id/YYYYMMDD/region/sts/aws4_request",
};
static SCOPE_DATE: Remark = Remark {
    code: "scope-date",
    message: "the day in X-Amz-Credential is not that of X-Amz-Date; sign with the key of the UTC day",
};
static SCOPE_REGION: Remark = Remark {
    code: "scope-region",
    message: "the region in X-Amz-Credential is not that of the host; sign for the host's region \
     (us-east-1 for sts.amazonaws.com)",
};
static SCOPE_SERVICE: Remark =
    Remark { code: "scope-service", message: "the service in X-Amz-Credential is not sts" };
