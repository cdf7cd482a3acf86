//! The name that a server is called by: the header `Host`, or `:authority`.

use std::fmt;

/// A host, and a port where only that one is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostName {
    /// In lower case; an IPv6 address without its brackets.
    name: String,
    port: Option<u16>,
}

/// A text is no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be a host or HOST:PORT, such as dev.localhost or 192.0.2.1:8443")]
pub struct InvalidHostName;

impl HostName {
    /// The host, without its port.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a request for `host` means this name, at a server whose own port is `port`.
    pub(super) fn fits(&self, host: Host<'_>, port: Option<u16>) -> bool {
        let expected = self.port.or(port);
        host.name.eq_ignore_ascii_case(&self.name)
            && (expected.is_none() || host.port.or(host.default_port) == expected)
    }
}

impl TryFrom<&str> for HostName {
    type Error = InvalidHostName;

    fn try_from(text: &str) -> Result<Self, InvalidHostName> {
        let host = Host::parse(text, None).ok_or(InvalidHostName)?;
        Ok(Self { name: host.name.to_ascii_lowercase(), port: host.port })
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// What a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Host<'a> {
    /// As it stands there, an IPv6 address without its brackets.
    pub(super) name: &'a str,
    pub(super) port: Option<u16>,
    /// What is meant where there is none.
    pub(super) default_port: Option<u16>,
}

impl<'a> Host<'a> {
    /// None where it is malformed.
    pub(super) fn parse(text: &'a str, default_port: Option<u16>) -> Option<Self> {
        let (name, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (name, port) = rest.split_once(']')?;
                name.parse::<std::net::Ipv6Addr>().ok()?;
                (name, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
            }
            None => match text.split_once(':') {
                Some((name, port)) => (name, Some(port)),
                None => (text, None),
            },
        };
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':');
        if name.is_empty() || !name.bytes().all(is_allowed) {
            return None;
        }
        let port = match port {
            None => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            Some(_) => return None,
        };
        Some(Self { name, port, default_port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_host() {
        let host = |text| Host::parse(text, Some(80)).map(|host| (host.name, host.port));
        assert_eq!(host("127.0.0.1:8001"), Some(("127.0.0.1", Some(8001))));
        assert_eq!(host("[::1]:8001"), Some(("::1", Some(8001))));
        assert_eq!(host("[::1]"), Some(("::1", None)));
        assert_eq!(host("LocalHost"), Some(("LocalHost", None)));
        for bad in [
            "", ":80", "a:", "a:80:80", "a:+80", "u@a", "a:99999", "[::1", "[a]", "[::1]80", "a b",
            "a/b",
        ] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_name_may_have_a_port_of_its_own() {
        let fits = |name: &str, host| {
            let name = HostName::try_from(name).expect("a name");
            name.fits(Host::parse(host, Some(80)).expect("a host"), Some(8001))
        };
        assert!(fits("dev.localhost", "DEV.localhost:8001"));
        assert!(!fits("dev.localhost", "dev.localhost"));
        assert!(!fits("dev.localhost", "dev.localhost:80"));
        assert!(fits("dev.localhost:80", "dev.localhost"));
        assert!(!fits("dev.localhost", "dev.localhost.:8001"));
    }
}
