//! The address of an API server.

use std::fmt;

use http::Uri;
use http::uri::Scheme;

/// An https URL without user, query and fragment. A path is allowed: some gateways serve many
/// clusters under one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUrl(Uri);

/// Why a text is no address of an API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidServerUrl {
    /// Not a URL with a host.
    #[error("the server must be a URL such as https://host:443")]
    Malformed,
    /// Plain http, or another scheme.
    #[error("the server must be an https URL: a token is never sent without TLS")]
    NotHttps,
    /// A user before the host, or a query behind it.
    #[error("the URL of the server must have no user, query or fragment")]
    TooMuch,
}

impl ServerUrl {
    /// The URL.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host with its port, as it stands in the URL.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.authority().map_or("", |authority| authority.as_str())
    }
}

impl TryFrom<&str> for ServerUrl {
    type Error = InvalidServerUrl;

    fn try_from(text: &str) -> Result<Self, InvalidServerUrl> {
        let uri: Uri = text.parse().map_err(|_| InvalidServerUrl::Malformed)?;
        let authority = uri.authority().ok_or(InvalidServerUrl::Malformed)?;
        if uri.scheme().is_some_and(|scheme| *scheme != Scheme::HTTPS) {
            return Err(InvalidServerUrl::NotHttps);
        }
        if uri.scheme().is_none() || authority.host().is_empty() {
            return Err(InvalidServerUrl::Malformed);
        }
        // `Uri` drops fragments.
        if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
            return Err(InvalidServerUrl::TooMuch);
        }
        Ok(Self(uri))
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_alone() {
        for good in ["https://a.example", "https://127.0.0.1:6443", "https://[::1]:1/k8s/c/1"] {
            assert!(ServerUrl::try_from(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", InvalidServerUrl::Malformed),
            ("a.example", InvalidServerUrl::Malformed),
            ("/path", InvalidServerUrl::Malformed),
            ("http://a.example", InvalidServerUrl::NotHttps),
            ("ftp://a.example", InvalidServerUrl::NotHttps),
            ("https://user:word@a.example", InvalidServerUrl::TooMuch),
            ("https://a.example/?a=b", InvalidServerUrl::TooMuch),
            ("https://a.example/#a", InvalidServerUrl::TooMuch),
        ] {
            assert_eq!(ServerUrl::try_from(bad), Err(why), "{bad}");
        }
    }
}
