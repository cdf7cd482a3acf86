//! What makes tokens for a cluster and finds its server, again and again.

use std::fmt;
use std::sync::Arc;

use kube::Client;
use tokio::sync::Mutex;
use tower::BoxError;

use crate::aws::{
    AssumeRole, AwsError, ClusterName, CredentialFinder, Environment, RoleCache, Session, Settings,
    describe_cluster,
};
use crate::kube::{
    ApiServer, BoxFuture, CertificateAuthority, InvalidCertificateAuthority, InvalidServerUrl,
    Locator, ProxySettings, ServerUrl, TokenSource, lasting_client,
};
use crate::{
    Clock, Cluster, Credentials, Error, Lifetime, Region, Signer, SignerError, SigningTime, Token,
    TokenRequest, UrlExpiry,
};

/// The longest time before their end at which credentials are asked for anew, in seconds: a token
/// made after that would end with them.
const RENEW_BEFORE: u64 = 15 * 60;

/// Which cluster, and as whom.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The cluster, by name or ARN.
    pub cluster: ClusterName,
    /// The environment variables: region, credentials, proxy.
    pub environment: Environment,
    /// The cluster's region, where neither the ARN nor the environment says it.
    pub region: Option<Region>,
    /// A profile, which goes before credentials in the environment.
    pub profile: Option<String>,
    /// Roles to assume, in order.
    pub roles: Vec<AssumeRole>,
    /// Whether the roles' sessions are named as that of the credentials they are assumed with.
    pub forward_session_name: bool,
    /// Where credentials of roles are kept, if anywhere.
    pub cache: Option<RoleCache>,
    /// How long each token is to live.
    pub lifetime: Lifetime,
    /// The time.
    pub clock: Clock,
    /// The namespace of requests that name none.
    pub namespace: String,
}

impl ClusterOptions {
    /// With what the environment says, by the system's clock, in the namespace `default`.
    #[must_use]
    pub fn new(cluster: ClusterName, environment: Environment) -> Self {
        Self {
            cluster,
            environment,
            region: None,
            profile: None,
            roles: Vec::new(),
            forward_session_name: false,
            cache: None,
            lifetime: Lifetime::default(),
            clock: Clock::default(),
            namespace: "default".to_owned(),
        }
    }
}

/// Why a cluster cannot be reached. None holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// No region anywhere.
    #[error("no region: name the cluster by its ARN, or set the region")]
    NoRegion,
    /// AWS.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The component.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The clock is beyond the year 9999.
    #[error(transparent)]
    Clock(#[from] Error),
    /// The address that AWS gave.
    #[error("the endpoint that DescribeCluster gave cannot be used: {0}")]
    Endpoint(#[from] InvalidServerUrl),
    /// The certificate authority that AWS gave.
    #[error("the certificate authority that DescribeCluster gave cannot be used: {0}")]
    CertificateAuthority(#[from] InvalidCertificateAuthority),
}

/// Access to a cluster. Clones share what they know.
#[derive(Clone)]
pub struct ClusterAccess(Arc<Shared>);

struct Shared {
    options: ClusterOptions,
    settings: Settings,
    region: Region,
    signer: Signer,
    credentials: Mutex<Option<Held>>,
    /// The name that tokens are signed for, once the cluster was described.
    token_name: Mutex<Option<Cluster>>,
}

struct Held {
    credentials: Credentials,
    /// Unix seconds; never, where they do not end.
    renew_at: u64,
}

impl ClusterAccess {
    /// Reads the settings. Nothing is asked of AWS before the first request.
    ///
    /// # Errors
    /// [`AccessError`], one variant a cause.
    pub async fn find(options: ClusterOptions) -> Result<Self, AccessError> {
        Self::with_signer(options, Signer::new()?).await
    }

    /// The same with a signer that is shared with others.
    ///
    /// # Errors
    /// [`AccessError`], one variant a cause.
    pub async fn with_signer(options: ClusterOptions, signer: Signer) -> Result<Self, AccessError> {
        let settings = Settings::load(&options.environment, options.profile.as_deref()).await?;
        let region = options.cluster.region.as_ref().or(options.region.as_ref());
        let region = region.or(settings.region.as_ref()).cloned().ok_or(AccessError::NoRegion)?;
        Ok(Self(Arc::new(Shared {
            options,
            settings,
            region,
            signer,
            credentials: Mutex::new(None),
            token_name: Mutex::new(None),
        })))
    }

    /// A client that never goes stale: see [`lasting_client`]. Must be called within a tokio
    /// runtime.
    #[must_use]
    pub fn client(&self) -> Client {
        let Shared { options, .. } = &*self.0;
        let (locator, tokens) = (Arc::new(self.clone()), Arc::new(self.clone()));
        lasting_client(locator, tokens, options.clock.clone(), &options.namespace)
    }

    /// A token, made now.
    ///
    /// # Errors
    /// [`AccessError`], one variant a cause.
    pub async fn token(&self) -> Result<Token, AccessError> {
        self.make_token(false).await
    }

    async fn make_token(&self, was_refused: bool) -> Result<Token, AccessError> {
        let Shared { options, settings, region, signer, .. } = &*self.0;
        let credentials = self.credentials(was_refused).await?;
        let cluster = match &*self.0.token_name.lock().await {
            Some(name) => name.clone(),
            None => options.cluster.name.clone(),
        };
        let request = TokenRequest {
            cluster,
            region: region.clone(),
            endpoint: settings.sts_endpoint(region),
            signed_at: SigningTime::from_unix_seconds(options.clock.now())?,
            url_expires_in: UrlExpiry::default(),
            lifetime: options.lifetime,
        };
        Ok(signer.create_token(&credentials, &request)?)
    }

    fn session(&self) -> Session<'_> {
        let Shared { options, settings, region, .. } = &*self.0;
        Session { environment: &options.environment, settings, region }
    }

    /// Kept until shortly before their end.
    async fn credentials(&self, anew: bool) -> Result<Credentials, AccessError> {
        let Shared { options, .. } = &*self.0;
        let mut held = self.0.credentials.lock().await;
        let now = options.clock.now();
        if let Some(held) = held.as_ref().filter(|held| !anew && now < held.renew_at) {
            return Ok(held.credentials.clone());
        }
        let finder = CredentialFinder {
            session: self.session(),
            roles: &options.roles,
            forward_session_name: options.forward_session_name,
            cache: options.cache.as_ref(),
            ask_mfa_code: &|serial| {
                let reason = "a library has nobody to ask";
                Err(AwsError::NoMfaCode { serial: serial.to_owned(), reason })
            },
            now,
        };
        let credentials = finder.find().await?;
        let renew_at = credentials.expires_at.map_or(u64::MAX, |end| {
            end.saturating_sub(RENEW_BEFORE.min(end.saturating_sub(now) / 4))
        });
        Ok(held.insert(Held { credentials, renew_at }).credentials.clone())
    }

    async fn describe(&self) -> Result<ApiServer, AccessError> {
        let Shared { options, token_name, .. } = &*self.0;
        let credentials = self.credentials(false).await?;
        let (environment, name) = (&options.environment, &options.cluster.name);
        let described = describe_cluster(&self.session(), &credentials, name).await?;
        *token_name.lock().await = Some(described.token_name.clone());
        Ok(ApiServer {
            url: ServerUrl::try_from(described.endpoint.as_str())?,
            certificate_authority: CertificateAuthority::try_from(
                described.certificate_authority()?.as_slice(),
            )?,
            proxy: ProxySettings::from_variables(|names| environment.first(names)),
            tls_server_name: None,
        })
    }
}

impl TokenSource for ClusterAccess {
    fn token(&self, was_refused: bool) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async move { Ok(self.make_token(was_refused).await?) })
    }
}

impl Locator for ClusterAccess {
    fn locate(&self) -> BoxFuture<'_, Result<ApiServer, BoxError>> {
        Box::pin(async move { Ok(self.describe().await?) })
    }
}

impl fmt::Debug for ClusterAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterAccess").field("options", &self.0.options).finish_non_exhaustive()
    }
}
