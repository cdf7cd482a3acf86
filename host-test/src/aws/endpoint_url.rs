//! `AWS_ENDPOINT_URL_EKS`, `AWS_ENDPOINT_URL` and their keys in the profile.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>

use ::http::Uri;

use super::AwsError;
use super::settings::Source;

/// Where calls are sent instead of to AWS.
pub(super) struct EndpointUrls {
    pub(super) eks: Option<String>,
    pub(super) sts: Option<String>,
}

/// Anything unsafe is refused.
pub(super) fn endpoint_urls(source: &Source) -> Result<EndpointUrls, AwsError> {
    if source.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")? {
        return Ok(EndpointUrls { eks: None, sts: None });
    }
    let find = |service| source.service_text(service, "AWS_ENDPOINT_URL", "endpoint_url");
    let (eks, sts) = (find("eks"), find("sts"));
    if [&eks, &sts].into_iter().flatten().any(|url| !is_safe(url)) {
        return Err(AwsError::EndpointUrl);
    }
    Ok(EndpointUrls { eks, sts })
}

/// Requests carry the session token: over plain http they may not leave the machine.
fn is_safe(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else { return false };
    let Some(host) = url.host() else { return false };
    match url.scheme_str() {
        Some("https") => true,
        Some("http") => is_loopback(host),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn plain_http_stays_on_the_machine() {
        for good in
            ["https://eks.example", "http://127.0.0.1:5000", "http://[::1]/", "http://localhost"]
        {
            assert!(is_safe(good), "{good}");
        }
        for bad in ["", "eks.example", "http://eks.example", "http://127.0.0.1.example", "ftp://a"]
        {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
