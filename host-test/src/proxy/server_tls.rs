//! TLS towards callers, with client certificates.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// A server's certificate and key, and whose certificates callers must show.
#[derive(Clone)]
pub struct ServerTls {
    config: Arc<ServerConfig>,
    asks_for_certificate: bool,
}

/// Why TLS cannot be set up. None holds the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidServerTls {
    /// The certificate.
    #[error("the TLS certificate: it must be a PEM file with the certificate and its chain")]
    Certificate,
    /// The key.
    #[error("the TLS key: it must be a PEM file with one private key")]
    Key,
    /// The two do not belong together, or are of a kind that is not known.
    #[error("the TLS certificate and key: {0}")]
    Pair(String),
    /// The authority of the clients.
    #[error("the client CA: it must be a PEM file with the certificates that sign the callers'")]
    ClientAuthority,
}

impl ServerTls {
    /// Of PEM texts. Where `client_authority` is given, a caller without a certificate signed by
    /// it is turned away in the handshake.
    ///
    /// # Errors
    /// [`InvalidServerTls`], one variant a cause.
    pub fn new(
        certificate: &[u8],
        key: &[u8],
        client_authority: Option<&[u8]>,
    ) -> Result<Self, InvalidServerTls> {
        let chain = certificates(certificate).ok_or(InvalidServerTls::Certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| InvalidServerTls::Key)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let pair = |error: rustls::Error| InvalidServerTls::Pair(error.to_string());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(pair)?;
        let builder = match client_authority {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let roots = authority(pem).ok_or(InvalidServerTls::ClientAuthority)?;
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
                    .build()
                    .map_err(|_| InvalidServerTls::ClientAuthority)?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder.with_single_cert(chain, key).map_err(pair)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), asks_for_certificate: client_authority.is_some() })
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    pub(super) const fn asks_for_certificate(&self) -> bool {
        self.asks_for_certificate
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls")
            .field("asks_for_certificate", &self.asks_for_certificate)
            .finish_non_exhaustive()
    }
}

/// None where there are none.
fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!chain.is_empty()).then_some(chain)
}

fn authority(pem: &[u8]) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).ok()?;
    }
    Some(roots)
}
