//! A running sandbox.

use std::fmt;
use std::sync::Arc;

use super::access_entries::AccessEntries;
use super::authenticator::Authenticator;
use super::aws_auth::AwsAuth;
use super::certificates::{Certificates, other_authority_pem};
use super::credentials::IssuedSet;
use super::eks::EksApi;
use super::environment::{Files, ServiceUrls};
use super::identity_mapping::IdentityMapping;
use super::kubernetes::{ApiServer, Pods};
use super::server::{Port, Server};
use super::sigv4::Verifier;
use super::sts::StsApi;
use super::{Identity, PodError, SandboxError, SandboxOptions};
use crate::{Cluster, Credentials, Partition, Region, SigningTime};

/// A local EKS with one cluster. It runs until [`stop`](Self::stop), or until it is dropped, and
/// its files go with it.
///
/// ```
/// use eks_token_host::sandbox::{Identity, Sandbox, SandboxOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let sandbox = Sandbox::start(SandboxOptions::default()).await?;
/// assert!(sandbox.kubernetes_url().starts_with("https://127.0.0.1:"));
/// assert!(sandbox.credentials(Identity::Reader).access_key_id.is_temporary());
/// sandbox.stop().await;
/// # Ok(())
/// # })
/// # }
/// ```
pub struct Sandbox {
    cluster_name: Cluster,
    region: Region,
    issued: Arc<IssuedSet>,
    ca_pem: String,
    eks_url: String,
    sts_url: String,
    kubernetes_url: String,
    environments: [Vec<(String, String)>; 3],
    pods: Arc<Pods>,
    servers: [Server; 3],
    /// Held for its end: it removes them.
    _files: Files,
}

impl Sandbox {
    /// Starts one. Must be called within a tokio runtime, which it then lives in.
    ///
    /// # Errors
    /// [`SandboxError`], one variant a cause.
    #[expect(clippy::unused_async, reason = "it needs a runtime, and should say so")]
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        check(&options)?;
        let lifetime = options.credentials_expire_in.as_secs();
        let issued = Arc::new(IssuedSet::generate(options.clock.now().saturating_add(lifetime))?);
        let Certificates { authority_pem, tls } = Certificates::generate()?;
        let files = Files::write(&authority_pem)?;
        let [eks_port, sts_port, kubernetes_port] = [Port::open()?, Port::open()?, Port::open()?];
        let [eks_url, sts_url, kubernetes_url] =
            [&eks_port, &sts_port, &kubernetes_port].map(Port::url);
        let urls = ServiceUrls { eks: &eks_url, sts: &sts_url };
        let environment = |i| files.environment(issued.of(i), options.region.as_str(), &urls);
        let [reader, no_access, stranger] = Identity::ALL.map(environment);
        let environments = [reader?, no_access?, stranger?];
        let verifier = Verifier { issued: Arc::clone(&issued), clock: options.clock.clone() };
        let eks = eks_api(&options, verifier.clone(), &kubernetes_url, &authority_pem)?;
        let sts = sts_api(&options, verifier.clone());
        let pods = Arc::new(Pods::generate(&options));
        let kubernetes = kubernetes_api(&options, verifier, Arc::clone(&pods))?;
        let serve =
            |port: Port, router| port.serve(Arc::clone(&tls), options.clock.clone(), router);
        let servers = [
            serve(eks_port, eks.router())?,
            serve(sts_port, sts.router())?,
            serve(kubernetes_port, kubernetes.router())?,
        ];
        Ok(Self {
            cluster_name: options.cluster_name,
            region: options.region,
            issued,
            ca_pem: authority_pem,
            eks_url,
            sts_url,
            kubernetes_url,
            environments,
            pods,
            servers,
            _files: files,
        })
    }

    /// The cluster's name.
    #[must_use]
    pub const fn cluster_name(&self) -> &Cluster {
        &self.cluster_name
    }

    /// The cluster's region.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// The Kubernetes API: `https://127.0.0.1:PORT`. The same port answers to localhost.
    #[must_use]
    pub fn kubernetes_url(&self) -> &str {
        &self.kubernetes_url
    }

    /// The EKS API: `https://127.0.0.1:PORT`.
    #[must_use]
    pub fn eks_url(&self) -> &str {
        &self.eks_url
    }

    /// The STS API: `https://127.0.0.1:PORT`. It stands for STS in all regions: a request may have
    /// the host of any of them in its header.
    #[must_use]
    pub fn sts_url(&self) -> &str {
        &self.sts_url
    }

    /// The certificate authority of all servers, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// An identity's credentials, ready to sign with.
    #[must_use]
    pub fn credentials(&self, identity: Identity) -> Credentials {
        self.issued.of(identity).to_signer()
    }

    /// The variables that lead a program to the sandbox as `identity`: names and values, secrets
    /// among them. [`CONFLICTING_VARIABLES`](super::CONFLICTING_VARIABLES) must not be set beside
    /// them.
    #[must_use]
    pub fn environment(&self, identity: Identity) -> Vec<(String, String)> {
        let [reader, no_access, stranger] = &self.environments;
        match identity {
            Identity::Reader => reader.clone(),
            Identity::NoAccess => no_access.clone(),
            Identity::Stranger => stranger.clone(),
        }
    }

    /// Adds a running pod to namespace `default`, with the label `run=NAME`. Lists and watches see
    /// it at once.
    ///
    /// # Errors
    /// [`PodError`], where the name is malformed or taken.
    pub fn create_pod(&self, name: &str) -> Result<(), PodError> {
        self.pods.create(name)
    }

    /// Deletes a pod of namespace `default`, whether it was there from the start or created later.
    ///
    /// # Errors
    /// [`PodError`], where the name is malformed or no pod's.
    pub fn delete_pod(&self, name: &str) -> Result<(), PodError> {
        self.pods.delete(name)
    }

    /// Ends open watches, finishes what else is under way, stops the servers and removes the files.
    pub async fn stop(self) {
        self.pods.end_watches();
        for server in self.servers {
            server.stop().await;
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("cluster_name", &self.cluster_name)
            .field("region", &self.region)
            .field("eks_url", &self.eks_url)
            .field("sts_url", &self.sts_url)
            .field("kubernetes_url", &self.kubernetes_url)
            .finish_non_exhaustive()
    }
}

fn eks_api(
    options: &SandboxOptions,
    verifier: Verifier,
    kubernetes_url: &str,
    authority_pem: &str,
) -> Result<EksApi, SandboxError> {
    let authority_pem = if options.describes_other_authority {
        other_authority_pem()?
    } else {
        authority_pem.to_owned()
    };
    Ok(EksApi {
        cluster_name: options.cluster_name.clone(),
        region: options.region.clone(),
        created_at: options.clock.now(),
        status: options.cluster_status,
        authentication_mode: options.authentication_mode,
        endpoint: options.described_endpoint.clone().unwrap_or_else(|| kubernetes_url.to_owned()),
        authority_pem,
        access_entries: AccessEntries::of(&options.access_entries),
        denied_actions: options.denied_actions.clone(),
        verifier,
        on_request: options.on_request.clone(),
    })
}

fn sts_api(options: &SandboxOptions, verifier: Verifier) -> StsApi {
    StsApi::new(verifier, options.assumed_roles_expire_in, options.on_request.clone())
}

fn kubernetes_api(
    options: &SandboxOptions,
    verifier: Verifier,
    pods: Arc<Pods>,
) -> Result<ApiServer, SandboxError> {
    Ok(ApiServer {
        authenticator: Authenticator {
            cluster_name: options.cluster_name.clone(),
            verifier,
            tokens_live_for: options.tokens_live_for,
        },
        identity_mapping: IdentityMapping {
            mode: options.authentication_mode,
            access_entries: AccessEntries::of(&options.access_entries),
            aws_auth: options.aws_auth.as_deref().map(AwsAuth::read).transpose()?,
        },
        pods,
        clock: options.clock.clone(),
        redirect_pods_to: options.redirect_pods_to.clone(),
        on_request: options.on_request.clone(),
        on_headers: options.on_headers.clone(),
    })
}

/// What the types of the options leave open.
///
/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html>
fn check(options: &SandboxOptions) -> Result<(), SandboxError> {
    let region = options.region.as_str();
    if Partition::of_region(region) != Some(Partition::Aws) {
        return Err(SandboxError::Region(region.to_owned()));
    }
    let name = options.cluster_name.as_str();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    if name.len() > 100 || !begins_well || !name.bytes().all(is_allowed) {
        return Err(SandboxError::ClusterName);
    }
    // What is signed or shown later is earlier than this.
    let lifetime = options.credentials_expire_in.saturating_add(options.assumed_roles_expire_in);
    SigningTime::from_unix_seconds(options.clock.now().saturating_add(lifetime.as_secs()))?;
    Ok(())
}
