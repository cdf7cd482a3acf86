//! What a sandbox is like.

use std::fmt;
use std::time::Duration;

use super::{AuthenticationMode, Clock, ClusterStatus, EksAction, HeadersHook, RequestHook, Role};
use crate::{Cluster, Region};

/// How a [`Sandbox`](super::Sandbox) is set up. The default is what the command
/// `eks-token-sandbox` starts without options.
#[derive(Clone)]
pub struct SandboxOptions {
    /// How many pods there are. The same number gives the same pods.
    pub pods: usize,
    /// The cluster's name.
    pub cluster_name: Cluster,
    /// The cluster's region, one of partition `aws`.
    pub region: Region,
    /// The time that expiry and the pods' ages go by. TLS goes by the system's clock.
    pub clock: Clock,
    /// How long the credentials live from the start.
    pub credentials_expire_in: Duration,
    /// How long the credentials of an assumed role live at most, whatever the caller asks for.
    pub assumed_roles_expire_in: Duration,
    /// Where the cluster is in its life, as `DescribeCluster` says. Its Kubernetes API works at all
    /// times.
    pub cluster_status: ClusterStatus,
    /// Where the cluster looks up who a caller is.
    pub authentication_mode: AuthenticationMode,
    /// The roles that have access entries: they read pods, but for [`Role::NoAccess`].
    pub access_entries: Vec<Role>,
    /// The member `data` of the `ConfigMap` `aws-auth` in YAML, with the texts `mapRoles`, `mapUsers`
    /// and `mapAccounts`; there is no `ConfigMap` without. Who is to read pods must be in the group
    /// [`POD_READERS`](super::POD_READERS). It counts in the authentication modes that say so.
    pub aws_auth: Option<String>,
    /// What nobody may do at the EKS API.
    pub denied_actions: Vec<EksAction>,
    /// An endpoint that `DescribeCluster` names in place of the real one, such as
    /// `https://127.0.0.1:1`.
    pub described_endpoint: Option<String>,
    /// Whether `DescribeCluster` shows a certificate authority of the same name that did not sign
    /// the server's certificate.
    pub describes_other_authority: bool,
    /// How long a token is taken, in whole seconds from the one that its `X-Amz-Date` names; never
    /// longer than the 15 minutes of EKS.
    pub tokens_live_for: Duration,
    /// Whether a watch ends, as if it had come to its timeout, when the token expires that it was
    /// opened with. kube-apiserver itself asks for the token once and lets the watch go on, but
    /// load balancers and proxies in front of it end connections, and clients must cope: only so
    /// are they put to the test. The wait is by real time, for as long as `clock` said at the
    /// opening that the token would live: a clock that is set later ends no watch.
    pub watches_end_with_token: bool,
    /// How many of the last changes to pods are kept. Watches from before them, and lists that
    /// began before them, get 410.
    pub kept_changes: usize,
    /// Called after each request has been answered; with a watch, once it has begun.
    pub on_request: Option<RequestHook>,
    /// Called with the headers of each request to the Kubernetes API, before anything else: with
    /// the bearer token among them, a secret. For tests of what a proxy lets arrive.
    pub on_headers: Option<HeadersHook>,
    /// Answer permitted requests for pods with 307 to this origin (`https://host:port`), for tests
    /// that a client does not take its token there.
    pub redirect_pods_to: Option<String>,
    /// How many list continuations to refuse as expired (410), for tests that a client begins its
    /// list again.
    pub expired_continuations: u32,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            pods: 12,
            // Both texts are well-formed names: neither can fail.
            cluster_name: Cluster::try_from("sandbox".to_owned()).expect("a cluster's name"),
            region: Region::try_from("eu-central-1".to_owned()).expect("a region's name"),
            clock: Clock::default(),
            // The longest session that a role allows.
            credentials_expire_in: Duration::from_hours(12),
            // The longest session that one role gets of another.
            assumed_roles_expire_in: Duration::from_hours(1),
            cluster_status: ClusterStatus::default(),
            authentication_mode: AuthenticationMode::default(),
            access_entries: vec![Role::Reader, Role::NoAccess, Role::ChainThree, Role::WithMfa],
            aws_auth: None,
            denied_actions: Vec::new(),
            described_endpoint: None,
            describes_other_authority: false,
            tokens_live_for: Duration::from_mins(15),
            watches_end_with_token: true,
            kept_changes: 1000,
            on_request: None,
            on_headers: None,
            redirect_pods_to: None,
            expired_continuations: 0,
        }
    }
}

impl fmt::Debug for SandboxOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxOptions")
            .field("pods", &self.pods)
            .field("cluster_name", &self.cluster_name)
            .field("region", &self.region)
            .field("credentials_expire_in", &self.credentials_expire_in)
            .field("assumed_roles_expire_in", &self.assumed_roles_expire_in)
            .field("cluster_status", &self.cluster_status)
            .field("authentication_mode", &self.authentication_mode)
            .field("access_entries", &self.access_entries)
            .field("aws_auth", &self.aws_auth)
            .field("denied_actions", &self.denied_actions)
            .field("described_endpoint", &self.described_endpoint)
            .field("describes_other_authority", &self.describes_other_authority)
            .field("tokens_live_for", &self.tokens_live_for)
            .field("watches_end_with_token", &self.watches_end_with_token)
            .field("kept_changes", &self.kept_changes)
            .field("redirect_pods_to", &self.redirect_pods_to)
            .field("expired_continuations", &self.expired_continuations)
            .finish_non_exhaustive()
    }
}
