//! The HTTP client for calls to AWS. It is made when the first connection is wanted: reading the
//! machine's trust roots takes longer than everything else that a token takes.

use std::fs;
use std::path::Path;

use aws_sdk_eks::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector, ConnectorBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::{AwsError, Environment, Settings};
use crate::transport::exempts_all;

/// For the SDK's own clients.
pub(super) fn client(
    environment: &Environment,
    settings: &Settings,
) -> Result<SharedHttpClient, AwsError> {
    let way = Way::find(environment, settings)?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder();
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        way.clone().connect(connector)
    }))
}

/// For a request that was signed elsewhere.
pub(super) fn connector(
    environment: &Environment,
    settings: &Settings,
) -> Result<Connector, AwsError> {
    Ok(Way::find(environment, settings)?.connect(Connector::builder()))
}

/// The machine's trust roots, those of `AWS_CA_BUNDLE`, and the proxy of `HTTPS_PROXY`. Plain http,
/// which the metadata services of instances and containers speak, goes to no proxy.
#[derive(Clone)]
struct Way {
    tls: TlsContext,
    proxy: ProxyConfig,
}

impl Way {
    fn find(environment: &Environment, settings: &Settings) -> Result<Self, AwsError> {
        let mut trust = TrustStore::default();
        if let Some(path) = &settings.ca_bundle {
            trust.add_pem_certificate(read_bundle(path)?);
        }
        let tls = TlsContext::builder().with_trust_store(trust).build();
        let tls = tls.map_err(|error| AwsError::Describe(error.to_string()))?;
        Ok(Self { tls, proxy: proxy(environment)? })
    }

    fn connect(self, connector: ConnectorBuilder) -> Connector {
        let connector = connector.proxy_config(self.proxy);
        connector.tls_provider(Provider::rustls(CryptoMode::Ring)).tls_context(self.tls).build()
    }
}

/// Checked here: the SDK's client would panic at what is no certificate.
fn read_bundle(path: &Path) -> Result<Vec<u8>, AwsError> {
    let refused = |reason: String| AwsError::CaBundle { path: path.to_owned(), reason };
    let pem = fs::read(path).map_err(|error| refused(error.to_string()))?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| refused("it is not PEM text".to_owned()))?;
        store.add(certificate).map_err(|_| {
            refused("a certificate in it cannot be used as an authority".to_owned())
        })?;
    }
    if store.is_empty() {
        return Err(refused("there is no certificate in it".to_owned()));
    }
    Ok(pem)
}

fn proxy(environment: &Environment) -> Result<ProxyConfig, AwsError> {
    let Some(url) = environment.first(&["HTTPS_PROXY", "https_proxy"]) else {
        return Ok(ProxyConfig::disabled());
    };
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let proxy = ProxyConfig::https(url).map_err(|_| AwsError::Proxy)?;
    Ok(match environment.first(&["NO_PROXY", "no_proxy"]) {
        Some(exempt) if exempts_all(exempt) => ProxyConfig::disabled(),
        Some(exempt) => proxy.no_proxy(exempt),
        None => proxy,
    })
}
