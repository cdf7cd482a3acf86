//! A sandbox whose clock is set by the test, whose log is kept, and clients for all of its servers.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as SdkCredentials;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Region, SharedHttpClient};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use eks_token_host::kube::{
    ApiServer, CertificateAuthority, ClientError, PodForm, PodQuery, ProxySettings, list_pods,
};
use eks_token_host::sandbox::{Api, Clock, Identity, RequestRecord, Role, Sandbox, SandboxOptions};
use eks_token_host::{
    Credentials, Lifetime, Signer, SigningMaterial, SigningTime, StsEndpoint, Token, TokenRequest,
    UrlExpiry,
};

pub(crate) struct Trial {
    pub(crate) sandbox: Sandbox,
    signer: Signer,
    /// How far the sandbox's clock is ahead of this machine's, in seconds.
    ahead: Arc<AtomicI64>,
    log: Arc<Mutex<Vec<RequestRecord>>>,
}

impl Trial {
    pub(crate) async fn start() -> Self {
        Self::with(SandboxOptions::default()).await
    }

    /// With these options but the clock and the log.
    pub(crate) async fn with(options: SandboxOptions) -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (offset, records) = (Arc::clone(&ahead), Arc::clone(&log));
        let options = SandboxOptions {
            clock: Clock::new(move || now().saturating_add_signed(offset.load(Ordering::Relaxed))),
            on_request: Some(Arc::new(move |record| {
                records.lock().expect("no panic").push(record.clone());
            })),
            ..options
        };
        let sandbox = Sandbox::start(options).await.expect("it starts");
        Self { sandbox, signer: Signer::new().expect("a signer"), ahead, log }
    }

    pub(crate) fn set_clock_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Relaxed);
    }

    /// The paths that were asked for at this server.
    pub(crate) fn paths(&self, api: Api) -> Vec<String> {
        let log = self.log.lock().expect("no panic");
        log.iter().filter(|record| record.api == api).map(|record| record.path.clone()).collect()
    }

    /// The whole log as text.
    pub(crate) fn log(&self) -> String {
        let log = self.log.lock().expect("no panic");
        format!("{log:?}")
    }

    pub(crate) fn identity(&self, identity: Identity) -> SdkCredentials {
        let credentials = self.sandbox.credentials(identity);
        let SigningMaterial::SecretAccessKey(secret) = &credentials.material else {
            panic!("a secret")
        };
        let session_token = credentials.session_token.as_ref().map(|text| text.expose().to_owned());
        let id = credentials.access_key_id.as_str();
        SdkCredentials::new(id, secret.expose(), session_token, None, "test")
    }

    pub(crate) fn sts(&self, credentials: &SdkCredentials) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.sandbox.region().as_str().to_owned()))
            .endpoint_url(self.sandbox.sts_url())
            .http_client(self.http_client())
            .retry_config(RetryConfig::disabled())
            .credentials_provider(credentials.clone());
        aws_sdk_sts::Client::from_conf(config.build())
    }

    pub(crate) fn eks(&self, credentials: &SdkCredentials) -> aws_sdk_eks::Client {
        let config = aws_sdk_eks::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.sandbox.region().as_str().to_owned()))
            .endpoint_url(self.sandbox.eks_url())
            .http_client(self.http_client())
            .retry_config(RetryConfig::disabled())
            .credentials_provider(credentials.clone());
        aws_sdk_eks::Client::from_conf(config.build())
    }

    fn http_client(&self) -> SharedHttpClient {
        let trust = TrustStore::empty().with_pem_certificate(self.sandbox.ca_pem());
        let tls = TlsContext::builder().with_trust_store(trust).build().expect("an authority");
        Builder::new()
            .tls_provider(Provider::rustls(CryptoMode::Ring))
            .tls_context(tls)
            .build_https()
    }

    /// A request for the role, in a session named `ada`.
    pub(crate) fn assume(
        &self,
        credentials: &SdkCredentials,
        role: Role,
    ) -> AssumeRoleFluentBuilder {
        self.sts(credentials).assume_role().role_arn(role.arn()).role_session_name("ada")
    }

    /// A token of this cluster, by the component.
    pub(crate) fn token(&self, credentials: &SdkCredentials) -> Token {
        let text = |text: &str| text.to_owned();
        let secret = text(credentials.secret_access_key()).try_into().expect("a secret");
        let session_token = credentials.session_token().map(text);
        let credentials = Credentials {
            access_key_id: text(credentials.access_key_id()).try_into().expect("an id"),
            material: SigningMaterial::SecretAccessKey(secret),
            session_token: session_token.map(|token| token.try_into().expect("a token")),
            expires_at: None,
        };
        let request = TokenRequest {
            cluster: self.sandbox.cluster_name().clone(),
            region: self.sandbox.region().clone(),
            endpoint: StsEndpoint::default(),
            signed_at: SigningTime::from_unix_seconds(now()).expect("a time"),
            url_expires_in: UrlExpiry::default(),
            lifetime: Lifetime::default(),
        };
        self.signer.create_token(&credentials, &request).expect("a token")
    }

    /// A client of the Kubernetes API.
    pub(crate) fn kubernetes(&self, credentials: &SdkCredentials) -> kube::Client {
        let server = ApiServer {
            url: self.sandbox.kubernetes_url().try_into().expect("a URL"),
            certificate_authority: CertificateAuthority::try_from(self.sandbox.ca_pem().as_bytes())
                .expect("an authority"),
            proxy: ProxySettings::default(),
            tls_server_name: None,
        };
        server.client(&self.token(credentials)).expect("a client")
    }

    /// How many pods the owner of the credentials is shown.
    pub(crate) async fn pods(&self, credentials: &SdkCredentials) -> Result<usize, ClientError> {
        let client = self.kubernetes(credentials);
        let pods = list_pods(&client, &PodQuery::default(), PodForm::Objects, |_| {}).await?;
        Ok(pods.len())
    }
}

/// Seconds since 1970-01-01T00:00:00Z, by this machine's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// What STS has issued, ready to sign with.
pub(crate) fn issued(credentials: &aws_sdk_sts::types::Credentials) -> SdkCredentials {
    SdkCredentials::new(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(credentials.session_token().to_owned()),
        None,
        "test",
    )
}

/// The status, code and message of a refusal.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    result: Result<T, SdkError<E>>,
) -> (u16, String, String) {
    let error = result.expect_err("it is refused");
    let status = error.raw_response().expect("an answer").status().as_u16();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (status, text(error.code()), text(error.message()))
}
