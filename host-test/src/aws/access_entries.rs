//! Which IAM principals a cluster knows.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html>

use aws_sdk_eks::error::{ProvideErrorMetadata as _, SdkError};
use tracing::info;

use super::{AwsError, Session, eks};
use crate::transport::{describe, one_line};
use crate::{Cluster, Credentials};

/// The ARNs of all principals that have an access entry. Must be called within a tokio runtime.
///
/// # Errors
/// [`AwsError::AccessEntries`] with what AWS said, and those of the settings.
pub async fn list_access_entries(
    session: &Session<'_>,
    credentials: &Credentials,
    cluster: &Cluster,
) -> Result<Vec<String>, AwsError> {
    let client = eks::client(session, credentials)?;
    info!(cluster = cluster.as_str(), "asking AWS for the cluster's access entries");
    let mut pages =
        client.list_access_entries().cluster_name(cluster.as_str()).into_paginator().items().send();
    let mut principals = Vec::new();
    while let Some(principal) = pages.next().await {
        principals.push(principal.map_err(|error| {
            AwsError::AccessEntries(match &error {
                SdkError::ServiceError(answer) => {
                    one_line(answer.err().message().or(answer.err().code()).unwrap_or("no reason"))
                }
                other => describe(other),
            })
        })?);
    }
    Ok(principals)
}
