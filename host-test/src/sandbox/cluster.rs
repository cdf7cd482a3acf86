//! What a sandbox's cluster may be like, in the terms of the EKS API.

/// Where a cluster is in its life.
///
/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClusterStatus {
    /// It is being made: it has no endpoint and no certificate authority yet.
    Creating,
    /// It works.
    #[default]
    Active,
    /// It works, and something is being changed.
    Updating,
    /// It is being removed.
    Deleting,
    /// It could not be made.
    Failed,
    /// It waits for its outpost; like one that is being made, it has no endpoint.
    Pending,
}

impl ClusterStatus {
    /// As the API has it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Active => "ACTIVE",
            Self::Updating => "UPDATING",
            Self::Deleting => "DELETING",
            Self::Failed => "FAILED",
            Self::Pending => "PENDING",
        }
    }

    pub(super) const fn has_endpoint(self) -> bool {
        !matches!(self, Self::Creating | Self::Pending)
    }
}

/// Where a cluster looks up who a caller is.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AuthenticationMode {
    /// In its access entries alone.
    #[default]
    Api,
    /// In its access entries, then in the `ConfigMap` `aws-auth`.
    ApiAndConfigMap,
    /// In the `ConfigMap` `aws-auth` alone.
    ConfigMap,
}

impl AuthenticationMode {
    /// As the API has it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::ApiAndConfigMap => "API_AND_CONFIG_MAP",
            Self::ConfigMap => "CONFIG_MAP",
        }
    }

    pub(super) const fn has_access_entries(self) -> bool {
        matches!(self, Self::Api | Self::ApiAndConfigMap)
    }

    pub(super) const fn has_config_map(self) -> bool {
        matches!(self, Self::ApiAndConfigMap | Self::ConfigMap)
    }
}

/// What IAM may permit to a caller of the EKS API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EksAction {
    /// `eks:DescribeCluster`
    DescribeCluster,
    /// `eks:ListAccessEntries`
    ListAccessEntries,
    /// `eks:DescribeAccessEntry`
    DescribeAccessEntry,
}

impl EksAction {
    /// As policies have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DescribeCluster => "eks:DescribeCluster",
            Self::ListAccessEntries => "eks:ListAccessEntries",
            Self::DescribeAccessEntry => "eks:DescribeAccessEntry",
        }
    }
}
