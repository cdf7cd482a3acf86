//! What a proxy is to do.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::callers::Callers;
use super::host::HostName;
use super::listen::ListenAddress;
use super::rules::Rules;
use super::server_tls::ServerTls;
use crate::Clock;
use crate::kube::{Locator, TokenSource};

/// All of a proxy.
#[derive(Debug)]
pub struct ProxyOptions {
    /// Where it listens, and for which clusters; at least one.
    pub listeners: Vec<ListenerOptions>,
    /// Where `/metrics` is served, if anywhere.
    pub metrics: Option<SocketAddr>,
}

/// One address, and what is behind it.
#[derive(Debug)]
pub struct ListenerOptions {
    /// The address. None may be there twice.
    pub address: ListenAddress,
    /// TLS. An address that other machines reach needs it, and client certificates with it.
    pub tls: Option<ServerTls>,
    /// Which programs and pages may call.
    pub callers: Callers,
    /// The clusters; at least one.
    pub routes: Vec<Route>,
}

/// Which requests go to a cluster, and which of them may pass. Of several that fit, one with a host
/// goes before one without, and a longer path before a shorter one.
#[derive(Debug)]
pub struct Route {
    /// The host that the proxy is called by; any of its names otherwise.
    pub host: Option<HostName>,
    /// How the path begins; it is taken off before the request goes on.
    pub path: PathPrefix,
    /// What may pass.
    pub rules: Rules,
    /// Where it goes.
    pub upstream: Upstream,
}

/// A cluster.
#[derive(Clone)]
pub struct Upstream {
    /// The name in logs and metrics.
    pub name: String,
    /// Finds its server.
    pub locator: Arc<dyn Locator>,
    /// Makes its tokens.
    pub tokens: Arc<dyn TokenSource>,
    /// The time that tokens end by.
    pub clock: Clock,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How paths of a cluster begin: nothing, or segments such as `/dev`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct PathPrefix(String);

/// A text is no such beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be /SEGMENT or several such, of letters, digits, dots, hyphens and underscores")]
pub struct InvalidPathPrefix;

impl PathPrefix {
    /// The prefix, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is behind it, where `path` begins with it. An empty rest is `/`.
    pub(super) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.0.as_str())?;
        match rest.as_bytes().first() {
            None => Some("/"),
            Some(b'/' | b'?') => Some(rest),
            Some(_) => None,
        }
    }
}

impl TryFrom<&str> for PathPrefix {
    type Error = InvalidPathPrefix;

    fn try_from(text: &str) -> Result<Self, InvalidPathPrefix> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Ok(Self::default());
        }
        let segments = text.strip_prefix('/').ok_or(InvalidPathPrefix)?;
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_segment =
            |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_allowed);
        segments.split('/').all(is_segment).then(|| Self(text.to_owned())).ok_or(InvalidPathPrefix)
    }
}

/// How long a proxy waits for what is under way when it ends, where nobody says.
pub(super) const DRAIN: Duration = Duration::from_secs(30);

/// Why a proxy does not start, or does not take new options.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// No listener, or one without a cluster.
    #[error("there is nothing to serve: name at least one cluster for each address")]
    Nothing,
    /// An address that others reach.
    #[error(
        "{0} can be reached from other machines, and whoever reaches a proxy uses its identity: \
         give it a TLS certificate and key and a client CA (--tls-certificate, --tls-key, \
         --client-ca), or listen on 127.0.0.1 or unix:/PATH"
    )]
    Exposed(ListenAddress),
    /// The same address twice.
    #[error("{0} is there twice; give clusters of one address a host or a path each")]
    SameAddress(ListenAddress),
    /// Two clusters for the same requests.
    #[error(
        "at {0} two clusters have the same host and path; requests would go to the first alone"
    )]
    SameRoute(ListenAddress),
    /// It cannot listen.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: ListenAddress,
        /// Why not.
        error: io::Error,
    },
}

impl ProxyError {
    /// Whether other options would help, rather than another state of the machine.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        !matches!(self, Self::Listen { .. })
    }
}

impl ProxyOptions {
    /// What the types leave open.
    pub(super) fn check(&self) -> Result<(), ProxyError> {
        if self.listeners.is_empty() {
            return Err(ProxyError::Nothing);
        }
        let mut addresses = std::collections::HashSet::new();
        for listener in &self.listeners {
            listener.check()?;
            let any_port = matches!(&listener.address, ListenAddress::Tcp(tcp) if tcp.port() == 0);
            if !addresses.insert(&listener.address) && !any_port {
                return Err(ProxyError::SameAddress(listener.address.clone()));
            }
        }
        Ok(())
    }
}

impl ListenerOptions {
    fn check(&self) -> Result<(), ProxyError> {
        let knows_callers = self.tls.as_ref().is_some_and(ServerTls::asks_for_certificate);
        if self.address.is_exposed() && !knows_callers {
            return Err(ProxyError::Exposed(self.address.clone()));
        }
        if self.routes.is_empty() {
            return Err(ProxyError::Nothing);
        }
        let mut places = std::collections::HashSet::new();
        if self.routes.iter().all(|route| places.insert((&route.host, &route.path))) {
            Ok(())
        } else {
            Err(ProxyError::SameRoute(self.address.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_whole_segments() {
        let dev = PathPrefix::try_from("/c/dev/").expect("a prefix");
        assert_eq!(dev.as_str(), "/c/dev");
        assert_eq!(dev.strip("/c/dev/api/v1?a=b"), Some("/api/v1?a=b"));
        assert_eq!(dev.strip("/c/dev"), Some("/"));
        assert_eq!(dev.strip("/c/dev?a"), Some("?a"));
        assert_eq!(dev.strip("/c/development/api"), None);
        assert_eq!(PathPrefix::default().strip("/api"), Some("/api"));
        for bad in ["dev", "/a//b", "/..", "/a/./b", "/a b", "/%61", "/a?b"] {
            assert_eq!(PathPrefix::try_from(bad), Err(InvalidPathPrefix), "{bad}");
        }
    }
}
