//! Whom a request to STS is signed by. The Kubernetes API's authenticator asks the same.

use std::sync::Arc;

use eks_token_signer::{ACCEPTED_FOR, GLOBAL_HOST, GLOBAL_SIGNING_REGION, SERVICE};
use http::header::HOST;
use http::request::Parts;

use crate::sandbox::credentials::IssuedCredentials;
use crate::sandbox::sigv4::{RequestRefusal, Service, Verifier};

/// The credentials that the request is signed with, in its header or as a presigned URL.
pub(in crate::sandbox) fn verify(
    verifier: &Verifier,
    request: &Parts,
    body: &[u8],
) -> Result<Arc<IssuedCredentials>, RequestRefusal> {
    let host = request.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // STS takes requests for longer than other services do, which is how long a token lives.
    let service = Service { name: SERVICE, region: region_of(host), max_age: ACCEPTED_FOR };
    verifier.verify(request, body, service)
}

/// The region of an STS host: `None` where it is none of AWS, and stands for all.
fn region_of(host: &str) -> Option<&str> {
    let host = host.split_once(':').map_or(host, |(name, _port)| name);
    if host == GLOBAL_HOST {
        return Some(GLOBAL_SIGNING_REGION);
    }
    let rest = host.strip_prefix("sts.").or_else(|| host.strip_prefix("sts-fips."))?;
    rest.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::region_of;

    #[test]
    fn a_host_of_sts_names_its_region() {
        assert_eq!(region_of("sts.eu-central-1.amazonaws.com"), Some("eu-central-1"));
        assert_eq!(region_of("sts-fips.us-west-2.api.aws:443"), Some("us-west-2"));
        assert_eq!(region_of("sts.amazonaws.com"), Some("us-east-1"));
        assert_eq!(region_of("127.0.0.1:4711"), None);
    }
}
