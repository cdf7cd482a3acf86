//! `DescribeCluster`: where a cluster is, and who vouches for it.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html>

use aws_sdk_eks::Client;
use aws_sdk_eks::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_eks::operation::describe_cluster::DescribeClusterError;
use aws_sdk_eks::types::Cluster as SdkCluster;

use tracing::info;

use super::{AwsError, Session, TransportFault};
use crate::transport::{describe, one_line};
use crate::{Cluster, Credentials, Region};

/// What `DescribeCluster` says of a cluster.
#[derive(Debug, Clone)]
pub struct ClusterDescription {
    /// What tokens are signed for: the id of a local cluster on Outposts, the name of any other.
    pub token_name: Cluster,
    /// The URL of the API server.
    pub endpoint: String,
    /// The cluster's certificate authority: PEM in base64.
    pub certificate_authority_data: String,
    /// The cluster's ARN.
    pub arn: String,
    /// Such as `ACTIVE`, in the words of AWS.
    pub status: String,
    /// Whether it is a local cluster on an Outpost, whose tokens are signed for its id.
    pub is_on_outpost: bool,
    /// `API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`: where the cluster looks for identities.
    pub authentication_mode: Option<String>,
}

impl ClusterDescription {
    /// The cluster's certificate authority in PEM.
    ///
    /// # Errors
    /// [`AwsError::MalformedCluster`] where it is not in base64.
    pub fn certificate_authority(&self) -> Result<Vec<u8>, AwsError> {
        aws_smithy_types::base64::decode(&self.certificate_authority_data)
            .map_err(|_| AwsError::MalformedCluster("a certificate authority not in base64"))
    }
}

/// Asks AWS for a cluster. Must be called within a tokio runtime.
///
/// # Errors
/// [`AwsError`], one variant a cause.
pub async fn describe_cluster(
    session: &Session<'_>,
    credentials: &Credentials,
    name: &Cluster,
) -> Result<ClusterDescription, AwsError> {
    let region = session.region;
    info!(cluster = name.as_str(), region = region.as_str(), "asking AWS for the cluster");
    let answer = client(session, credentials)?.describe_cluster().name(name.as_str()).send().await;
    let answer = answer.map_err(|error| explain(&error, region, name))?;
    read(answer.cluster().ok_or(AwsError::MalformedCluster("no cluster"))?, name)
}

pub(super) fn client(session: &Session<'_>, credentials: &Credentials) -> Result<Client, AwsError> {
    let endpoint_url = session.settings.eks_endpoint_url.as_ref();
    Ok(Client::new(&session.to_sdk(credentials, endpoint_url)?))
}

fn read(cluster: &SdkCluster, name: &Cluster) -> Result<ClusterDescription, AwsError> {
    let Some(endpoint) = cluster.endpoint().filter(|endpoint| !endpoint.is_empty()) else {
        let status = cluster.status().map_or("unknown", |status| status.as_str());
        return Err(AwsError::ClusterNotReady(one_line(status)));
    };
    let authority = cluster
        .certificate_authority()
        .and_then(|authority| authority.data())
        .ok_or(AwsError::MalformedCluster("no certificate authority"))?;
    let token_name = match cluster.id().filter(|id| !id.is_empty()) {
        Some(id) => Cluster::try_from(id.to_owned())
            .map_err(|_| AwsError::MalformedCluster("an id that is none"))?,
        None => name.clone(),
    };
    let authentication_mode =
        cluster.access_config().and_then(|config| config.authentication_mode());
    Ok(ClusterDescription {
        token_name,
        authentication_mode: authentication_mode.map(|mode| mode.as_str().to_owned()),
        endpoint: endpoint.to_owned(),
        certificate_authority_data: authority.to_owned(),
        arn: cluster.arn().unwrap_or_default().to_owned(),
        status: cluster.status().map_or_else(String::new, |status| one_line(status.as_str())),
        is_on_outpost: cluster.outpost_config().is_some(),
    })
}

fn explain(error: &SdkError<DescribeClusterError>, region: &Region, name: &Cluster) -> AwsError {
    match error {
        SdkError::TimeoutError(_) => AwsError::Transport(TransportFault::TimedOut),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            AwsError::Transport(TransportFault::TimedOut)
        }
        SdkError::DispatchFailure(_) => AwsError::Transport(TransportFault::of(error)),
        SdkError::ServiceError(answer) => {
            explain_answer(answer.err(), answer.raw().status().as_u16(), region, name)
        }
        _ => AwsError::Describe(describe(error)),
    }
}

fn explain_answer(
    error: &DescribeClusterError,
    status: u16,
    region: &Region,
    name: &Cluster,
) -> AwsError {
    let code = one_line(error.code().unwrap_or_default());
    let message = one_line(error.message().unwrap_or_default());
    match code.as_str() {
        "ResourceNotFoundException" => AwsError::ClusterNotFound {
            name: name.as_str().to_owned(),
            region: region.as_str().to_owned(),
        },
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "MissingAuthenticationTokenException"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException" => AwsError::CredentialsRefused(code),
        _ if status == 403 => {
            AwsError::DescribeDenied(if message.is_empty() { code } else { message })
        }
        "" => AwsError::Describe(format!("status {status}, no reason given")),
        _ => AwsError::Describe(format!("{code} (status {status}): {message}")),
    }
}
