//! Which programs may call: those that know the proxy's name, and no web page.
//!
//! A page in a browser can send requests to anything that the browser reaches, loopback included.
//! It cannot choose the headers `Host`, `Origin` and `Sec-Fetch-Site`: these are the browser's.
//!
//! - `Host` is the name in the address. Against DNS rebinding, where the name of a hostile page comes
//!   to stand for 127.0.0.1, only names of the proxy's own are taken.
//! - `Origin` is there in each POST, each WebSocket handshake and each request with CORS.
//! - `Sec-Fetch-Site` is there in all others: images, scripts, frames, links.
//!   <https://www.w3.org/TR/fetch-metadata/>

use std::net::{IpAddr, SocketAddr};

use http::HeaderValue;
use http::header::{HOST, HeaderName, ORIGIN};
use http::request::Parts;

use super::host::{Host, HostName};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Which names and pages are taken beside the proxy's own.
#[derive(Debug, Clone, Default)]
pub struct Callers {
    /// Names that the proxy is called by, beside loopback and the address that it listens on.
    pub accept_hosts: Vec<HostName>,
    /// Pages that may call.
    pub allow_origins: Vec<Origin>,
}

/// Where a page comes from: `https://dashboard.example:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be an origin as browsers send it, such as http://localhost:3000, in lower case")]
pub struct InvalidOrigin;

impl TryFrom<&str> for Origin {
    type Error = InvalidOrigin;

    fn try_from(text: &str) -> Result<Self, InvalidOrigin> {
        let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let is_host = rest.is_some_and(|rest| Host::parse(rest, None).is_some());
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        (is_host && is_lower).then(|| Self(text.to_owned())).ok_or(InvalidOrigin)
    }
}

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stranger {
    #[error("the request has no Host, two of them, or one that is malformed")]
    NoHost,
    #[error(
        "this proxy is not known by this name: a web page could have brought it here; call it by \
         its address, or start it with --accept-host"
    )]
    UnknownHost,
    #[error("a web page sends this request (Origin), and this proxy serves none of that origin")]
    Page,
    #[error("a web page sends this request (Sec-Fetch-Site), and this proxy serves none")]
    PageElsewhere,
}

/// A request whose sender may call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admitted<'a> {
    /// What it is for.
    pub(super) host: Host<'a>,
    /// The allowed origin of the page that sends it, if one does.
    pub(super) page: Option<&'a HeaderValue>,
}

/// The check of one listener.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) callers: Callers,
    /// None for a Unix socket: no browser reaches it.
    pub(super) address: Option<SocketAddr>,
    pub(super) is_tls: bool,
}

impl Check {
    /// Whether its sender may call; `local` is the address that its connection was accepted at.
    pub(super) fn admit<'a>(
        &self,
        head: &'a Parts,
        local: Option<SocketAddr>,
    ) -> Result<Admitted<'a>, Stranger> {
        let host = self.host(head).ok_or(Stranger::NoHost)?;
        if !self.is_own(host, local) {
            return Err(Stranger::UnknownHost);
        }
        let mut origins = head.headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => {}
            (Some(origin), None) if self.is_allowed(origin.as_bytes()) => {
                return Ok(Admitted { host, page: Some(origin) });
            }
            _ => return Err(Stranger::Page),
        }
        // `none`: somebody typed the address.
        if head.headers.get_all(SEC_FETCH_SITE).iter().any(|site| site != "none") {
            return Err(Stranger::PageElsewhere);
        }
        Ok(Admitted { host, page: None })
    }

    /// The one host that is named, wherever it is named.
    fn host<'a>(&self, head: &'a Parts) -> Option<Host<'a>> {
        let mut headers = head.headers.get_all(HOST).iter();
        let (header, second) = (headers.next(), headers.next());
        if second.is_some() {
            return None;
        }
        let header = header.map(|value| value.to_str()).transpose().ok()?;
        let authority = head.uri.authority().map(http::uri::Authority::as_str);
        let text = match (authority, header) {
            (Some(authority), Some(header)) if !authority.eq_ignore_ascii_case(header) => {
                return None;
            }
            (authority, header) => authority.or(header)?,
        };
        Host::parse(text, Some(if self.is_tls { 443 } else { 80 }))
    }

    fn is_own(&self, host: Host<'_>, local: Option<SocketAddr>) -> bool {
        let port = self.address.map(|address| address.port());
        if self.callers.accept_hosts.iter().any(|name| name.fits(host, port)) {
            return true;
        }
        if port.is_some() && host.port.or(host.default_port) != port {
            return false;
        }
        match host.name.parse::<IpAddr>() {
            Ok(ip) => {
                let ip = ip.to_canonical();
                ip.is_loopback() || local.is_some_and(|local| local.ip().to_canonical() == ip)
            }
            Err(_) => host.name.eq_ignore_ascii_case("localhost"),
        }
    }

    fn is_allowed(&self, origin: &[u8]) -> bool {
        self.callers.allow_origins.iter().any(|allowed| allowed.0.as_bytes() == origin)
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(headers: &[(&str, &str)], uri: &str) -> Result<String, Stranger> {
        let check = Check {
            callers: Callers {
                accept_hosts: vec![HostName::try_from("dev.localhost").expect("a host")],
                allow_origins: vec![Origin::try_from("http://localhost:3000").expect("an origin")],
            },
            address: Some(([127, 0, 0, 1], 8001).into()),
            is_tls: false,
        };
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        check.admit(&head, check.address).map(|admitted| admitted.host.name.to_owned())
    }

    #[test]
    fn is_called_by_its_own_names() {
        for own in [
            "127.0.0.1:8001",
            "localhost:8001",
            "LOCALHOST:8001",
            "[::1]:8001",
            "dev.localhost:8001",
        ] {
            assert!(check(&[("host", own)], "/api").is_ok(), "{own}");
        }
        for other in [
            "evil.example:8001",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1.evil.example:8001",
            "10.0.0.1:8001",
            "localhost.:8001",
            "evil.localhost:8001",
        ] {
            assert_eq!(check(&[("host", other)], "/api"), Err(Stranger::UnknownHost), "{other}");
        }
        for bad in [
            &[][..],
            &[("host", "a@127.0.0.1:8001")],
            &[("host", "127.0.0.1:8001"), ("host", "127.0.0.1:8001")],
        ] {
            assert_eq!(check(bad, "/api"), Err(Stranger::NoHost), "{bad:?}");
        }
        let host = ("host", "127.0.0.1:8001");
        assert!(check(&[host], "http://127.0.0.1:8001/api").is_ok());
        assert_eq!(check(&[host], "http://evil.example:8001/api"), Err(Stranger::NoHost));
        assert_eq!(check(&[], "http://evil.example:8001/api"), Err(Stranger::UnknownHost));
    }

    #[test]
    fn no_page_gets_through() {
        let host = ("host", "127.0.0.1:8001");
        for origin in
            ["http://evil.example", "null", "", "http://127.0.0.1:8001", "http://localhost:3001"]
        {
            assert_eq!(check(&[host, ("origin", origin)], "/"), Err(Stranger::Page), "{origin}");
        }
        for site in ["cross-site", "same-site", "same-origin", ""] {
            let headers = [host, ("sec-fetch-site", site)];
            assert_eq!(check(&headers, "/"), Err(Stranger::PageElsewhere), "{site}");
        }
        assert!(check(&[host, ("sec-fetch-site", "none")], "/").is_ok());
        let listed = ("origin", "http://localhost:3000");
        assert!(check(&[host, listed, ("sec-fetch-site", "same-site")], "/").is_ok());
        assert_eq!(check(&[host, listed, listed], "/"), Err(Stranger::Page));
    }
}
