//! What a token says of itself.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::host::region_and_domain;
use super::{Query, Url, parse_date};
use crate::sts::{GLOBAL_HOST, GLOBAL_SIGNING_REGION, Partition};
use crate::token::ACCEPTED_FOR;

/// What could be read. Nothing of it is proven, and the cluster is not among it: a token only
/// proves that its name was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The host that the URL names.
    pub sts_host: String,
    /// The region that the host names; us-east-1 for the global host.
    pub region: Option<String>,
    /// The partition of that region.
    pub partition: Option<Partition>,
    /// Public half of the credentials.
    pub access_key_id: Option<String>,
    /// `X-Amz-Date`, in Unix seconds.
    pub signed_at: Option<u64>,
    /// 15 minutes after `signed_at`.
    pub refused_from: Option<u64>,
    /// Whether the credentials were temporary.
    pub has_session_token: bool,
    /// Names of the signed headers.
    pub signed_headers: Vec<String>,
}

impl Claims {
    pub(super) fn read(url: &Url, query: &Query) -> Self {
        let sts_host = printable(&url.host);
        let region = if sts_host == GLOBAL_HOST {
            Some(GLOBAL_SIGNING_REGION)
        } else {
            region_and_domain(&sts_host).map(|(region, _)| region).filter(|r| !r.is_empty())
        };
        let signed_at = parse_date(query.value("x-amz-date")).and_then(|s| u64::try_from(s).ok());
        Self {
            partition: region.and_then(Partition::of_region),
            region: region.map(ToString::to_string),
            access_key_id: access_key_id(query),
            signed_at,
            refused_from: signed_at.map(|signed_at| signed_at + ACCEPTED_FOR),
            has_session_token: !query.value("x-amz-security-token").is_empty(),
            signed_headers: signed_headers(query),
            sts_host,
        }
    }
}

fn access_key_id(query: &Query) -> Option<String> {
    let id = query.text("x-amz-credential")?.split('/').next()?;
    (!id.is_empty()).then(|| printable(id.as_bytes()))
}

fn signed_headers(query: &Query) -> Vec<String> {
    query.signed_headers().filter(|name| !name.is_empty()).map(printable).collect()
}

/// As text that a terminal can be shown.
fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char })
        .collect()
}
