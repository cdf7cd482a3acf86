//! `HTTPS_PROXY` and `NO_PROXY`.

use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::transport::exempts_all;

/// Through which proxy https servers are reached. The URL may hold a password: redacted in
/// `Debug`.
#[derive(Clone, Default)]
pub struct ProxySettings {
    /// The URL of the proxy: the value of `HTTPS_PROXY`.
    pub https_proxy: Option<String>,
    /// Hosts that are reached without: the value of `NO_PROXY`. Names with all below them, IP
    /// addresses, networks, or `*`, between commas.
    pub no_proxy: Option<String>,
}

/// The URL of the proxy cannot be used. It is not shown: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("HTTPS_PROXY must be a URL such as http://proxy.example:3128 (plain http to the proxy)")]
pub struct InvalidProxy;

impl ProxySettings {
    /// From the environment variables, of which `first` gives the first that has a value.
    #[must_use]
    pub fn from_variables<'a>(first: impl Fn(&[&str]) -> Option<&'a str>) -> Self {
        let value = |names: &[&str]| first(names).map(ToOwned::to_owned);
        Self {
            https_proxy: value(&["HTTPS_PROXY", "https_proxy"]),
            no_proxy: value(&["NO_PROXY", "no_proxy"]),
        }
    }

    /// The proxy to use for `server`, where there is one.
    pub(super) fn proxy_for(&self, server: &Uri) -> Result<Option<Uri>, InvalidProxy> {
        if self.intercept(server)?.is_none() {
            return Ok(None);
        }
        // With the scheme, and with the password, which the matcher takes out.
        let url = self.https_proxy.as_deref().unwrap_or_default();
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        url.parse().map(Some).map_err(|_| InvalidProxy)
    }

    /// The same, with the password apart.
    pub(crate) fn intercept(&self, server: &Uri) -> Result<Option<Intercept>, InvalidProxy> {
        let Some(url) = self.https_proxy.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(None);
        };
        let no_proxy = self.no_proxy.as_deref().unwrap_or_default();
        let matcher = Matcher::builder().https(url).no(no_proxy).build();
        if is_exempt(server, no_proxy) {
            return Ok(None);
        }
        // What the matcher does not understand it would leave out without a word.
        let Some(proxy) = matcher.intercept(server) else { return Err(InvalidProxy) };
        if proxy.uri().scheme_str() != Some("http") {
            return Err(InvalidProxy);
        }
        Ok(Some(proxy))
    }
}

/// Whether `NO_PROXY` names the server: asked with a proxy that is known to be understood.
fn is_exempt(server: &Uri, no_proxy: &str) -> bool {
    if exempts_all(no_proxy) {
        return true;
    }
    let matcher = Matcher::builder().https("http://proxy.invalid").no(no_proxy).build();
    matcher.intercept(server).is_none()
}

impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings")
            .field("https_proxy", &self.https_proxy.as_ref().map(|_| "[redacted]"))
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_for(https_proxy: &str, no_proxy: &str) -> Result<Option<Uri>, InvalidProxy> {
        let settings = ProxySettings {
            https_proxy: Some(https_proxy.to_owned()),
            no_proxy: Some(no_proxy.to_owned()),
        };
        settings.proxy_for(&Uri::from_static("https://10.1.2.3:6443"))
    }

    #[test]
    fn reads_what_curl_reads() {
        let proxy = Ok(Some(Uri::from_static("http://p:3128")));
        assert_eq!(proxy_for("http://p:3128", ""), proxy);
        assert_eq!(proxy_for("p:3128", "example.com"), proxy);
        assert_eq!(proxy_for("", ""), Ok(None));
        for exempt in ["*", "10.1.2.3", "10.0.0.0/8", "a.example, 10.1.2.3"] {
            assert_eq!(proxy_for("http://p:3128", exempt), Ok(None), "{exempt}");
        }
        assert_eq!(proxy_for("gopher://p", ""), Err(InvalidProxy));
        assert_eq!(proxy_for("gopher://p", "*"), Ok(None));
        assert_eq!(proxy_for("https://p", ""), Err(InvalidProxy));
    }

    #[test]
    fn shows_no_password() {
        let settings =
            ProxySettings { https_proxy: Some("http://u:geheim@p".to_owned()), no_proxy: None };
        assert!(!format!("{settings:?}").contains("geheim"));
    }
}
