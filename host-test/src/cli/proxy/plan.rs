//! What the command line or the configuration says, before files are read and clusters looked for.

use std::net::SocketAddr;
use std::path::PathBuf;

use eks_token_host::Region;
use eks_token_host::aws::{AssumeRole, ClusterName};
use eks_token_host::proxy::{Callers, HostName, ListenAddress, PathPrefix, Rules};

use super::arguments::Proxy;
use crate::arguments::Target;
use crate::failure::Failure;

/// All of a proxy.
pub(super) struct Plan {
    pub(super) tls: Option<TlsFiles>,
    pub(super) callers: Callers,
    pub(super) metrics: Option<SocketAddr>,
    pub(super) clusters: Vec<ClusterPlan>,
}

/// PEM files.
pub(super) struct TlsFiles {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
    pub(super) client_authority: Option<PathBuf>,
}

/// One cluster.
pub(super) struct ClusterPlan {
    pub(super) name: ClusterName,
    pub(super) region: Option<Region>,
    pub(super) profile: Option<String>,
    pub(super) roles: Vec<AssumeRole>,
    pub(super) forward_session_name: bool,
    pub(super) cache: bool,
    pub(super) target: Target,
    pub(super) listen: ListenAddress,
    pub(super) host: Option<HostName>,
    pub(super) path: PathPrefix,
    pub(super) rules: Rules,
}

/// Where nothing else is said: the port of `kubectl proxy`.
pub(super) fn default_listen() -> ListenAddress {
    ListenAddress::Tcp(SocketAddr::from(([127, 0, 0, 1], 8001)))
}

impl Plan {
    /// Of the command line alone.
    pub(super) fn of_arguments(arguments: &Proxy, name: &ClusterName) -> Result<Self, Failure> {
        let Proxy { aws, callers, target, .. } = arguments;
        let mut rules = Rules::reading();
        rules.allow.extend(arguments.rules.allow.iter().cloned());
        rules.interactive.clone_from(&arguments.rules.interactive);
        let cluster = ClusterPlan {
            name: name.clone(),
            region: aws.region.clone(),
            profile: aws.profile.clone(),
            roles: aws.roles.requests()?,
            forward_session_name: aws.roles.forward_session_name,
            cache: aws.roles.cache,
            target: target.clone(),
            listen: arguments.listen.clone().unwrap_or_else(default_listen),
            host: None,
            path: PathPrefix::default(),
            rules,
        };
        let tls = callers.tls_certificate.as_ref().zip(callers.tls_key.as_ref());
        Ok(Self {
            tls: tls.map(|(certificate, key)| TlsFiles {
                certificate: certificate.clone(),
                key: key.clone(),
                client_authority: callers.client_ca.clone(),
            }),
            callers: Callers {
                accept_hosts: callers.accept_host.clone(),
                allow_origins: callers.allow_origin.clone(),
            },
            metrics: arguments.metrics_listen,
            clusters: vec![cluster],
        })
    }
}
