//! Why no answer came: told from the errors of the HTTP libraries, whose own texts are for their
//! developers.

use std::error::Error;
use std::fmt;
use std::io;

use rustls::CertificateError;

/// What went wrong on the way to a server. One case a cause: each has another remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportFault {
    /// The name of the host has no address.
    NameNotResolved,
    /// Nothing listens at the address.
    Refused,
    /// There is no route to the address.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The connection ended before the answer did.
    Closed,
    /// The proxy of `HTTPS_PROXY` did not connect; holds what it said.
    Proxy(String),
    /// The certificate is not signed by a trusted authority.
    UntrustedCertificate,
    /// The certificate is for another host.
    WrongHost,
    /// The certificate has expired or is not valid yet.
    CertificateExpired,
    /// TLS failed in another way; holds how.
    Tls(String),
    /// Anything else; holds what the libraries say.
    Other(String),
}

impl TransportFault {
    /// Reads an error and all errors behind it.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        // The proxy first: what is behind it concerns the proxy's host, not the server's.
        chain(error)
            .find_map(proxy_fault)
            .or_else(|| chain(error).find_map(tls_fault))
            .or_else(|| chain(error).find_map(network_fault))
            .unwrap_or_else(|| Self::Other(innermost(error)))
    }
}

impl fmt::Display for TransportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameNotResolved => {
                f.write_str("its name could not be resolved; check the name, the DNS and the VPN")
            }
            Self::Refused => f.write_str(
                "the connection was refused: nothing listens there; check the address and port",
            ),
            Self::Unreachable => {
                f.write_str("there is no route to it; check the network and the VPN")
            }
            Self::TimedOut => f.write_str(
                "it did not answer in time; check the network, security groups and whether the \
                 endpoint is a private one",
            ),
            Self::Closed => {
                f.write_str("it closed the connection before it had answered; try again")
            }
            Self::Proxy(reason) => write!(
                f,
                "the proxy of HTTPS_PROXY did not connect to it ({reason}); check HTTPS_PROXY, or \
                 name the host in NO_PROXY",
            ),
            Self::UntrustedCertificate => f.write_str(
                "its certificate is not signed by the expected certificate authority: this is \
                 another server, or the wrong CA; nothing was sent",
            ),
            Self::WrongHost => f.write_str(
                "its certificate is for another host: check the address; nothing was sent",
            ),
            Self::CertificateExpired => f.write_str(
                "its certificate is out of date, or the clock of this machine is wrong; nothing \
                 was sent",
            ),
            Self::Tls(reason) => write!(f, "TLS failed ({reason}); nothing was sent"),
            Self::Other(reason) => write!(f, "the connection failed ({reason})"),
        }
    }
}

/// Whether `NO_PROXY` has the entry `*`. hyper-util applies that to names only, not to addresses.
pub(crate) fn exempts_all(no_proxy: &str) -> bool {
    no_proxy.split(',').any(|entry| entry.trim() == "*")
}

/// An error and those behind it. The payload of an `io::Error` is not its `source`, which would
/// skip it.
pub(crate) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// An error and those behind it as one line, without what repeats itself.
#[cfg(feature = "aws")]
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut line = String::new();
    for text in chain(error).map(|error| one_line(&error.to_string())) {
        if !text.is_empty() && !line.contains(&text) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(&text);
        }
    }
    line
}

/// A text of others as one line that a terminal can be shown.
pub(crate) fn one_line(text: &str) -> String {
    let text: String =
        text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The type of hyper-util's error is private: its text is what there is.
fn proxy_fault(error: &(dyn Error + 'static)) -> Option<TransportFault> {
    let text = error.to_string();
    let reason = text.strip_prefix("tunnel error: ")?;
    let reason = match reason {
        "failed to create underlying connection" => match error.source().map(TransportFault::of) {
            Some(TransportFault::NameNotResolved) => "its name could not be resolved",
            Some(TransportFault::Refused) => "connection refused",
            _ => "it cannot be reached",
        },
        "proxy authorization required" => "it asks for a user name and password",
        "unsuccessful" => "it refused to",
        "unexpected end of file" => "it closed the connection",
        other => other,
    };
    Some(TransportFault::Proxy(reason.to_owned()))
}

fn tls_fault(error: &(dyn Error + 'static)) -> Option<TransportFault> {
    Some(match error.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TransportFault::UntrustedCertificate
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TransportFault::WrongHost
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TransportFault::CertificateExpired,
            other => TransportFault::Tls(one_line(&format!("invalid certificate: {other}"))),
        },
        other => TransportFault::Tls(one_line(&other.to_string())),
    })
}

fn network_fault(error: &(dyn Error + 'static)) -> Option<TransportFault> {
    // The type of hyper-util's error is private here, too.
    if error.to_string().starts_with("dns error") {
        return Some(TransportFault::NameNotResolved);
    }
    match error.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some(TransportFault::Refused),
        io::ErrorKind::TimedOut => Some(TransportFault::TimedOut),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            Some(TransportFault::Unreachable)
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(TransportFault::Closed),
        _ => None,
    }
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(|error| one_line(&error.to_string())).unwrap_or_default()
}
