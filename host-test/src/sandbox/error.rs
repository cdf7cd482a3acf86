//! Why a sandbox did not start.

use std::io;

/// One variant a cause. None holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The system's random number generator failed.
    #[error("the operating system gave no random bytes for keys ({0}); try again")]
    Randomness(#[source] rand::rngs::SysError),
    /// A key or certificate could not be made.
    #[error("no certificate could be made ({0}); check the clock of this machine")]
    Certificate(#[source] rcgen::Error),
    /// TLS could not be set up with the certificate.
    #[error("TLS could not be set up ({0})")]
    Tls(#[source] rustls::Error),
    /// No port could be had.
    #[error("no port of 127.0.0.1 can be listened at ({0}); check limits and firewalls")]
    Listen(#[source] io::Error),
    /// The folder for the CA file could not be made or written.
    #[error("no file can be made in the folder for temporary files ({0}); set TMPDIR to another")]
    TemporaryFile(#[source] io::Error),
    /// The region is not in partition `aws`.
    #[error("{0} is no region of partition aws; choose one such as eu-central-1")]
    Region(String),
    /// The name is none that EKS takes.
    #[error(
        "EKS takes no such cluster name; use 1 to 100 letters, digits, hyphens and underscores, \
         the first of them a letter or digit"
    )]
    ClusterName,
    /// The option `aws_auth` is not a mapping of names to texts.
    #[error(
        "aws_auth cannot be read ({0}); give the member data of the ConfigMap as YAML, with texts \
         under mapRoles, mapUsers and mapAccounts"
    )]
    AwsAuth(String),
    /// The clock, or the expiry that follows from it, is beyond what can be signed for.
    #[error(transparent)]
    Value(#[from] crate::Error),
}
