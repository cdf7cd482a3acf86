//! A sandbox, its clock, and what asks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use eks_token_host::kube::{ApiServer, CertificateAuthority, ProxySettings};
use eks_token_host::sandbox::{Clock, Identity, Sandbox, SandboxOptions};
use eks_token_host::{Lifetime, Signer, SigningTime, StsEndpoint, Token, TokenRequest, UrlExpiry};
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, Client};
use tokio::time::timeout;

pub(super) const NOW: u64 = 1_750_000_000;
/// Nothing here takes nearly as long.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox whose clock is set by the test.
pub(super) struct Trial {
    pub(super) sandbox: Sandbox,
    clock: Arc<AtomicU64>,
}

impl Trial {
    pub(super) async fn with(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let time = Arc::clone(&clock);
        let mut options = SandboxOptions {
            clock: Clock::new(move || time.load(Ordering::Relaxed)),
            ..SandboxOptions::default()
        };
        change(&mut options);
        Self { sandbox: Sandbox::start(options).await.expect("it starts"), clock }
    }

    /// Without any pods but those that the test creates.
    pub(super) async fn empty() -> Self {
        Self::with(|options| options.pods = 0).await
    }

    pub(super) fn set_clock(&self, now: u64) {
        self.clock.store(now, Ordering::Relaxed);
    }

    /// Of a reader, signed now.
    pub(super) fn token(&self) -> Token {
        let now = self.clock.load(Ordering::Relaxed);
        let request = TokenRequest {
            cluster: self.sandbox.cluster_name().clone(),
            region: self.sandbox.region().clone(),
            endpoint: StsEndpoint::default(),
            signed_at: SigningTime::from_unix_seconds(now).expect("a time"),
            url_expires_in: UrlExpiry::default(),
            lifetime: Lifetime::default(),
        };
        let signer = Signer::new().expect("a signer");
        let credentials = self.sandbox.credentials(Identity::Reader);
        signer.create_token(&credentials, &request).expect("a token")
    }

    pub(super) fn client(&self, token: &Token) -> Client {
        let authority = self.sandbox.ca_pem().as_bytes();
        let server = ApiServer {
            url: self.sandbox.kubernetes_url().try_into().expect("a URL"),
            certificate_authority: CertificateAuthority::try_from(authority).expect("one"),
            proxy: ProxySettings::default(),
            tls_server_name: None,
        };
        server.client(token).expect("a client")
    }

    /// All pods, seen with a fresh token.
    pub(super) fn pods(&self) -> Api<Pod> {
        Api::all(self.client(&self.token()))
    }

    pub(super) fn create(&self, name: &str) {
        self.sandbox.create_pod(name).expect("a new pod");
    }

    pub(super) fn delete(&self, name: &str) {
        self.sandbox.delete_pod(name).expect("there was one");
    }
}

/// The body of an answer to its end, which must be a clean one; the status where it is an error.
pub(super) async fn get(client: &Client, uri: &str) -> Result<String, u16> {
    let request = http::Request::get(uri).body(Vec::new()).expect("a request");
    match timeout(PATIENCE, client.request_text(request)).await.expect("it ends") {
        Ok(body) => Ok(body),
        Err(kube::Error::Api(status)) => Err(status.code),
        Err(error) => panic!("{error}"),
    }
}
