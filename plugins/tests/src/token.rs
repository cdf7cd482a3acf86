//! Tokens that have arrived.

use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_host::sandbox::Identity;
use eks_token_signer::{Lifetime, SigningTime, StsEndpoint, Token, TokenRequest, UrlExpiry};

use crate::upstream::Upstream;

/// A parameter of the presigned URL in a token.
///
/// # Panics
/// Where that is no token, or has no such parameter.
#[must_use]
pub fn parameter(token: &str, name: &str) -> String {
    let encoded = token.strip_prefix("k8s-aws-v1.").expect("a token");
    let url = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).expect("base64")).expect("text");
    let (_, query) = url.split_once('?').expect("a query");
    let value = query.split('&').find_map(|part| part.strip_prefix(&format!("{name}=")));
    value.expect("the parameter").to_owned()
}

/// The token that the core makes with the credentials of the sandbox's reader at the instant that
/// `token` names.
///
/// # Panics
/// Where it was not signed within the last minute.
#[must_use]
pub fn made_anew(upstream: &Upstream, token: &str) -> String {
    let request = TokenRequest {
        cluster: upstream.sandbox().cluster_name().clone(),
        region: upstream.sandbox().region().clone(),
        endpoint: StsEndpoint::default(),
        signed_at: signing_time(&parameter(token, "X-Amz-Date")),
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    };
    let credentials = upstream.sandbox().credentials(Identity::Reader);
    Token::new(&credentials, &request).expect("a token").value.clone()
}

/// The instant that a stamp names: the one of the last minute whose stamp it is.
fn signing_time(stamp: &str) -> SigningTime {
    let now = UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    (now - 60..=now)
        .map(|second| SigningTime::from_unix_seconds(second).expect("a time"))
        .find(|time| time.stamp().as_str() == stamp)
        .expect("it was signed just now")
}
