//! A client that trusts one authority, carries a token, and follows no redirect.

use std::time::Duration;

use kube::client::ClientBuilder;
use kube::client::retry::RetryPolicy;
use kube::{Client, Config};
use tower::buffer::BufferLayer;
use tower::retry::RetryLayer;
use tower::util::AndThenLayer;

use super::{CertificateAuthority, ClientError, ProxySettings, ServerUrl, redirect};
use crate::Token;

/// Time to connect, TLS included.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time without a byte of the answer. API servers give up after a minute themselves.
const READ_TIMEOUT: Duration = Duration::from_secs(65);
/// The same for watches, where nothing may happen for long: kube's asks servers to end one after 290
/// seconds.
const WATCH_TIMEOUT: Duration = Duration::from_secs(295);
/// How many requests may wait for their turn; further ones wait outside.
const CONCURRENT_REQUESTS: usize = 64;

/// Where the API server of a cluster is, who vouches for it, and the way there.
#[derive(Debug, Clone)]
pub struct ApiServer {
    /// Its address.
    pub url: ServerUrl,
    /// The only authority that is trusted.
    pub certificate_authority: CertificateAuthority,
    /// The way out of the network.
    pub proxy: ProxySettings,
    /// The name in the server's certificate, where that is not the one in `url`.
    pub tls_server_name: Option<String>,
}

impl ApiServer {
    /// A client that shows `token` to the cluster, for as long as the token lives. Must be called
    /// within a tokio runtime.
    ///
    /// # Errors
    /// [`ClientError::Proxy`], or [`ClientError::Setup`] where TLS cannot be set up.
    pub fn client(&self, token: &Token) -> Result<Client, ClientError> {
        let mut config = self.config()?;
        // kube marks the header as sensitive: neither it nor hyper shows it.
        config.auth_info.token = Some(token.value.clone().into());
        config.read_timeout = Some(READ_TIMEOUT);
        connect(config)
    }

    /// A client whose requests bring a token of their own, watches among them.
    pub(super) fn client_without_token(&self) -> Result<Client, ClientError> {
        let mut config = self.config()?;
        config.read_timeout = Some(WATCH_TIMEOUT);
        connect(config)
    }

    fn config(&self) -> Result<Config, ClientError> {
        let mut config = Config::new(self.url.uri().clone());
        config.root_cert = Some(self.certificate_authority.der());
        config.proxy_url = self.proxy.proxy_for(self.url.uri())?;
        config.tls_server_name.clone_from(&self.tls_server_name);
        config.connect_timeout = Some(CONNECT_TIMEOUT);
        config.reset_reader_on_write = true;
        // kube's own goes on for half an hour.
        config.default_retry = false;
        Ok(config)
    }
}

fn connect(config: Config) -> Result<Client, ClientError> {
    // An error means that the program has chosen one before: that is fine, too.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder =
        ClientBuilder::try_from(config).map_err(|error| ClientError::Setup(error.to_string()))?;
    Ok(builder
        .with_layer(&AndThenLayer::new(redirect::refuse))
        // A retry needs a service that can be cloned.
        .with_layer(&BufferLayer::new(CONCURRENT_REQUESTS))
        .with_layer(&RetryLayer::new(retries()?))
        .build())
}

/// A few more attempts where a server is busy (429, 503, 504), within some seconds.
fn retries() -> Result<RetryPolicy, ClientError> {
    RetryPolicy::new(Duration::from_millis(200), Duration::from_secs(2), 4, true)
        .map_err(|error| ClientError::Setup(error.to_string()))
}
