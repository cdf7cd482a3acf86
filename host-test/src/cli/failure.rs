//! Why a command failed, in one line that says what to do, and with which exit status.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use eks_token_gateway::credentials::CredentialsError;
use eks_token_host::aws::{AwsError, StsRefusal};
use eks_token_host::cluster::AccessError;
use eks_token_host::kube::{ClientError, InvalidCertificateAuthority, InvalidServerUrl};
use eks_token_host::proxy::{ConfigError, InvalidServerTls, ProxyError};
use eks_token_host::{Error, Region, SignerError};

use crate::moment::rfc3339;
use crate::output;
use crate::update_kubeconfig::KubeconfigError;

/// One variant a cause. None holds a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line.
    #[error("{0}")]
    Usage(String),
    /// No region anywhere.
    #[error(
        "no region: give --region, set AWS_REGION, or name the cluster by its ARN; it must be the \
         cluster's own"
    )]
    NoRegion,
    /// A region of no partition.
    #[error(
        "{0} is no AWS region that this version knows; check --region and AWS_REGION, or update \
         eks-token"
    )]
    UnknownRegion(Region),
    /// Two regions.
    #[error("--region is not the region in the cluster's ARN; leave --region out")]
    RegionConflict,
    /// A file of the user's.
    #[error("cannot read {what} {path}: {error}", path = .path.display())]
    Read {
        /// What it is for.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Standard input.
    #[error("cannot read standard input: {0}")]
    ReadInput(io::Error),
    /// Larger than anything that could be right.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What it is for.
        what: &'static str,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// A file that was to be written.
    #[error("cannot write {path}: {error}", path = .path.display())]
    Write {
        /// Where it would be.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Nothing to inspect.
    #[error("{0}")]
    NoToken(&'static str),
    /// A file with signing keys.
    #[error("the signing key file {path}: {error}; derive-key makes such files", path = .path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: CredentialsError,
    },
    /// A signing key made from such a key yields nearly all the user's rights.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
    #[error(
        "refused: this is the long-lived key of an IAM user (AKIA…), and whoever has a signing key \
         made from it can call sts:GetSessionToken, which needs no permission, and act as the user \
         for up to 36 hours; use the temporary credentials of a role that may do nothing at STS, \
         or --force"
    )]
    LongLivedKey,
    /// The day has no successor that can be written.
    #[error("--day: the day after it is beyond the year 9999")]
    NoNextDay,
    /// The certificate authority of the command line.
    #[error("--certificate-authority {path}: {error}; it must be a PEM file with the cluster's CA", path = .path.display())]
    CertificateAuthority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: InvalidCertificateAuthority,
    },
    /// The certificate authority that AWS gave.
    #[error("the certificate authority that DescribeCluster gave cannot be used: {0}")]
    DescribedAuthority(InvalidCertificateAuthority),
    /// The address that AWS gave.
    #[error("the endpoint that DescribeCluster gave cannot be used: {0}")]
    DescribedEndpoint(InvalidServerUrl),
    /// Credentials that had ended before the signature.
    #[error(
        "the AWS credentials expired at {at}; renew them (`aws sso login`, or new values for the \
         AWS_ variables)", at = rfc3339(*.0)
    )]
    CredentialsExpired(u64),
    /// AWS.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// A cluster that is not there yet, or not any more.
    #[error("the cluster's status is {0}; wait until it is ACTIVE")]
    ClusterStatus(String),
    /// A kubeconfig.
    #[error("the kubeconfig {path}: {error}", path = .path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: KubeconfigError,
    },
    /// What a cluster would be told, too.
    #[error(
        "STS does not accept the signature ({code}, status {status}): {message}; renew the \
         credentials and check the clock", code = .0.code, status = .0.status, message = .0.message
    )]
    StsRefused(StsRefusal),
    /// Kubernetes.
    #[error(transparent)]
    Kubernetes(#[from] ClientError),
    /// The component.
    #[error(transparent)]
    Signer(SignerError),
    /// A proxy's configuration.
    #[error("the configuration {path}: {error}", path = .path.display())]
    ProxyConfig {
        /// The file.
        path: PathBuf,
        /// The first mistake, by its place.
        error: ConfigError,
    },
    /// A proxy's own TLS.
    #[error(transparent)]
    ServerTls(#[from] InvalidServerTls),
    /// A proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// Access to a cluster.
    #[error(transparent)]
    Access(AccessError),
    /// The list could not be written as asked.
    #[error("the list cannot be written in this form: {0}")]
    Format(String),
    /// The clock.
    #[error("the clock of this machine is beyond the year 9999; set it")]
    Clock,
    /// The machine has no more of something.
    #[error("cannot start: {0}")]
    Runtime(io::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl From<SignerError> for Failure {
    fn from(error: SignerError) -> Self {
        match error {
            SignerError::Refused(Error::CredentialsExpired { at }) => Self::CredentialsExpired(at),
            error => Self::Signer(error),
        }
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NoRegion => Self::NoRegion,
            AccessError::Aws(error) => Self::Aws(error),
            AccessError::Signer(error) => error.into(),
            error => Self::Access(error),
        }
    }
}

impl Failure {
    /// Prints the one line; the answer is the exit status.
    pub(crate) fn report(&self) -> ExitCode {
        output::print_note("error", &self.to_string());
        ExitCode::from(self.exit_status())
    }

    /// 2 where the user has to give something else, 1 where the world has to change, 130 (as shells
    /// have it) where the user stopped it.
    fn exit_status(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Aws(error) if !error.is_usage() => 1,
            Self::Proxy(error) if !error.is_usage() => 1,
            Self::Signer(SignerError::Refused(Error::NoMatchingSigningKey)) => 1,
            Self::Aws(_)
            | Self::Kubernetes(ClientError::Proxy(_))
            | Self::Signer(SignerError::Refused(_) | SignerError::TooLong { .. })
            | Self::Usage(_)
            | Self::NoRegion
            | Self::RegionConflict
            | Self::UnknownRegion(_)
            | Self::Read { .. }
            | Self::TooLarge { .. }
            | Self::NoToken(_)
            | Self::KeyFile { .. }
            | Self::Kubeconfig {
                error: KubeconfigError::Syntax(_) | KubeconfigError::Shape(_),
                ..
            }
            | Self::ProxyConfig { .. }
            | Self::ServerTls(_)
            | Self::Proxy(_)
            | Self::LongLivedKey
            | Self::NoNextDay
            | Self::CertificateAuthority { .. } => 2,
            _ => 1,
        }
    }
}
