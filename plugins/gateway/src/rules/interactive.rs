//! The ways into a container, and past the API server.

use crate::refusal::Refusal;

/// Subresources through which a caller gets into a container or past the API server. GET is enough
/// for each of them (a WebSocket handshake is one), so reading does not include them.
///
/// <https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interactive {
    /// `exec`: runs a command.
    Exec,
    /// `attach`: joins a running one.
    Attach,
    /// `portforward`: reaches a port.
    PortForward,
    /// `proxy`: HTTP to a pod, a service, or a node's kubelet, which itself can run commands.
    Proxy,
}

impl Interactive {
    /// All of them, with their names in a configuration.
    pub const NAMED: [(&'static str, Self); 4] = [
        ("exec", Self::Exec),
        ("attach", Self::Attach),
        ("port-forward", Self::PortForward),
        ("proxy", Self::Proxy),
    ];

    /// The way that a subresource is, if it is one. Names of others that mean the same: `console`
    /// and `vnc` are those of `KubeVirt`.
    pub(super) fn of_subresource(name: &str) -> Option<Self> {
        Some(match name {
            "exec" => Self::Exec,
            "attach" | "console" | "vnc" => Self::Attach,
            "portforward" => Self::PortForward,
            "proxy" => Self::Proxy,
            _ => return None,
        })
    }

    pub(super) const fn refusal(self) -> Refusal {
        Refusal::Interactive(self)
    }

    /// Its name in a configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exec => "exec",
            Self::Attach => "attach",
            Self::PortForward => "port-forward",
            Self::Proxy => "proxy",
        }
    }
}
