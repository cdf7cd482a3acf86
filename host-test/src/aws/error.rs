//! Why AWS gave no answer. No variant holds a secret: of the SDK's errors only the messages are
//! kept, never what they show in `Debug`, which includes headers.

use std::fmt;
use std::path::PathBuf;

use super::TransportFault;
use super::role::{InvalidRole, RoleArn};

/// One variant a cause, each with its remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AwsError {
    /// A setting has a value that it cannot have.
    #[error("{name} (environment or profile) must be {allowed}")]
    InvalidSetting {
        /// The environment variable that would set it.
        name: &'static str,
        /// What it may be.
        allowed: &'static str,
    },
    /// The profile that was asked for is in neither file.
    #[error(
        "there is no profile {0} in the AWS config and credentials files; list them with \
         `aws configure list-profiles`, or unset AWS_PROFILE"
    )]
    ProfileNotFound(String),
    /// The files cannot be read.
    #[error("the AWS config files cannot be read: {0}")]
    ProfileFile(String),
    /// One half of a key.
    #[error("{present} is set but {missing} is not; set both or none")]
    PartialCredentials {
        /// The variable that is there.
        present: &'static str,
        /// The variable that is not.
        missing: &'static str,
    },
    /// Credentials that cannot be right.
    #[error("the AWS credentials are malformed: {0}")]
    MalformedCredentials(#[from] crate::Error),
    /// There are none anywhere.
    #[error(
        "no AWS credentials found; looked at {0}; set AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY, or log in (`aws sso login`), or name a profile with --profile"
    )]
    NoCredentials(Searched),
    /// A source of credentials is there and failed.
    #[error("AWS credentials could not be obtained: {0}")]
    CredentialsSource(String),
    /// The file of `AWS_CA_BUNDLE` cannot be used.
    #[error("the file of AWS_CA_BUNDLE ({path}) cannot be used: {reason}", path = .path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy's URL cannot be used. It may hold a password and is not shown.
    #[error("HTTPS_PROXY must be a URL such as http://proxy.example:3128")]
    Proxy,
    /// `AWS_ENDPOINT_URL` or a kin of it cannot be used.
    #[error(
        "AWS_ENDPOINT_URL and those of EKS and STS must be https URLs, or http ones of this machine: \
         requests carry a session token"
    )]
    EndpointUrl,
    /// AWS has no such cluster.
    #[error(
        "there is no cluster {name} in {region} in the account of these credentials; check \
         --cluster-name, --region and --profile"
    )]
    ClusterNotFound {
        /// The cluster's name.
        name: String,
        /// Where it was looked for.
        region: String,
    },
    /// The cluster has no address yet.
    #[error("the cluster has no endpoint: its status is {0}; wait until it is ACTIVE")]
    ClusterNotReady(String),
    /// The answer of `DescribeCluster` makes no sense.
    #[error("DescribeCluster answered with {0}; check AWS_ENDPOINT_URL")]
    MalformedCluster(&'static str),
    /// The credentials had expired, or are not known to AWS.
    #[error("AWS does not accept the credentials ({0}); renew them")]
    CredentialsRefused(String),
    /// The identity may not describe the cluster.
    #[error(
        "DescribeCluster is not allowed: {0}; ask for eks:DescribeCluster, or give --server and \
         --certificate-authority"
    )]
    DescribeDenied(String),
    /// Another answer but success.
    #[error("DescribeCluster failed: {0}")]
    Describe(String),
    /// No answer came.
    #[error("cannot reach the EKS API for DescribeCluster: {0}")]
    Transport(TransportFault),
    /// The access entries are not to be had.
    #[error("the cluster's access entries cannot be listed: {0}")]
    AccessEntries(String),
    /// A role's arguments, in a profile.
    #[error("the role in the AWS profile cannot be assumed: {0}")]
    InvalidRole(#[from] InvalidRole),
    /// STS issued nothing. Holds its own words.
    #[error(
        "{role} could not be assumed: {reason}; check the role's trust policy (who may, which \
         --external-id, whether with MFA) and that the caller is allowed sts:AssumeRole"
    )]
    AssumeRole {
        /// The role.
        role: RoleArn,
        /// What STS said.
        reason: String,
    },
    /// STS did not say who the caller is. Holds its own words.
    #[error("STS does not say whose credentials these are: {0}; renew them")]
    CallerIdentity(String),
    /// The answer of STS makes no sense.
    #[error("STS answered with {0}; check AWS_ENDPOINT_URL")]
    MalformedSts(&'static str),
    /// No answer came from STS.
    #[error("cannot reach STS: {0}")]
    StsTransport(TransportFault),
    /// The presigned request would be read on its way.
    #[error(
        "AWS_ENDPOINT_URL (or that of STS) is a plain http URL, and a presigned request is as good \
         as a token: it travels over https alone; unset it, or give an https URL"
    )]
    PresignedOverHttp,
    /// A code is wanted, and there is nobody to ask.
    #[error(
        "the profile wants the code of the MFA device {serial}, and {reason}; run it where it can \
         ask (in a kubeconfig: interactiveMode IfAvailable), with --cache so that it asks once a \
         session"
    )]
    NoMfaCode {
        /// The device.
        serial: String,
        /// Why nobody can be asked.
        reason: &'static str,
    },
    /// What was typed is no code.
    #[error("{0}; try again")]
    MfaCode(InvalidRole),
    /// The cache cannot be used.
    #[error(
        "the cache of role credentials in {path} cannot be used: {reason}; check that folder, or \
         leave --cache out", path = .path.display()
    )]
    RoleCache {
        /// Its folder.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

impl AwsError {
    /// Whether it lies in what the user gave, rather than in the world.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::InvalidSetting { .. }
                | Self::ProfileNotFound(_)
                | Self::ProfileFile(_)
                | Self::PartialCredentials { .. }
                | Self::MalformedCredentials(_)
                | Self::CaBundle { .. }
                | Self::Proxy
                | Self::EndpointUrl
                | Self::InvalidRole(_)
                | Self::PresignedOverHttp
                | Self::NoMfaCode { .. }
                | Self::MfaCode(_)
        )
    }
}

/// Where credentials were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// Whether the environment was: not where a profile is named on the command line.
    pub environment: bool,
    /// The profile.
    pub profile: String,
    /// Whether the instance metadata service was: not where it is switched off.
    pub instance_metadata: bool,
}

impl fmt::Display for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.environment {
            f.write_str("AWS_ACCESS_KEY_ID, ")?;
        }
        write!(f, "the profile {}, ", self.profile)?;
        if self.environment {
            f.write_str("AWS_WEB_IDENTITY_TOKEN_FILE, ")?;
        }
        f.write_str("AWS_CONTAINER_CREDENTIALS_FULL_URI and _RELATIVE_URI, ")?;
        f.write_str(if self.instance_metadata {
            "and the EC2 instance metadata"
        } else {
            "and not at the EC2 instance metadata (AWS_EC2_METADATA_DISABLED)"
        })
    }
}
