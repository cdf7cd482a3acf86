//! Where a proxy listens.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// An address, or the path of a Unix socket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListenAddress {
    /// An IP address and a port; port 0 is any that is free.
    Tcp(SocketAddr),
    /// A socket with mode 0600, which its owner alone can use.
    Unix(PathBuf),
}

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidListenAddress {
    /// Neither form.
    #[error("it must be IP:PORT, such as 127.0.0.1:8001, or unix:/PATH")]
    Malformed,
    /// Where it is would depend on where the program was started.
    #[error("the path of the socket must be absolute: unix:/run/user/1000/eks-token.sock")]
    RelativePath,
}

impl ListenAddress {
    /// Whether other machines can reach it.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        match self {
            Self::Tcp(address) => !address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => false,
        }
    }
}

impl TryFrom<&str> for ListenAddress {
    type Error = InvalidListenAddress;

    fn try_from(text: &str) -> Result<Self, InvalidListenAddress> {
        if let Some(path) = text.strip_prefix("unix:") {
            let path = PathBuf::from(path);
            let is_absolute = path.is_absolute() && path.file_name().is_some();
            return is_absolute
                .then_some(Self::Unix(path))
                .ok_or(InvalidListenAddress::RelativePath);
        }
        // Other names are not looked up: what they stand for may change.
        if let Some(port) = text.strip_prefix("localhost:") {
            let port = port.parse().map_err(|_| InvalidListenAddress::Malformed)?;
            return Ok(Self::Tcp(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)));
        }
        text.parse().map(Self::Tcp).map_err(|_| InvalidListenAddress::Malformed)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => fmt::Display::fmt(address, f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_open_to_others() {
        for (text, is_exposed) in [
            ("127.0.0.1:8001", false),
            ("127.9.9.9:1", false),
            ("localhost:0", false),
            ("[::1]:8001", false),
            ("[::ffff:127.0.0.1]:8001", false),
            ("unix:/run/a.sock", false),
            ("0.0.0.0:8001", true),
            ("[::]:8001", true),
            ("10.0.0.1:80", true),
        ] {
            let address = ListenAddress::try_from(text).expect(text);
            assert_eq!(address.is_exposed(), is_exposed, "{text}");
        }
        for bad in ["", "8001", ":8001", "127.0.0.1", "example.com:80", "localhost", "localhost:x"]
        {
            assert_eq!(ListenAddress::try_from(bad), Err(InvalidListenAddress::Malformed), "{bad}");
        }
        for bad in ["unix:", "unix:a.sock", "unix:/"] {
            let expected = Err(InvalidListenAddress::RelativePath);
            assert_eq!(ListenAddress::try_from(bad), expected, "{bad}");
        }
    }
}
