//! Who vouches for an API server.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// The certificate authority of a cluster: one certificate or more, and no other is trusted
/// beside them.
#[derive(Debug, Clone)]
pub struct CertificateAuthority(Vec<Vec<u8>>);

/// Why a text is no certificate authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCertificateAuthority {
    /// Not PEM.
    #[error("it is not PEM text")]
    NotPem,
    /// PEM, but of other things.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// A certificate that cannot sign others.
    #[error("a certificate in it cannot be used as an authority")]
    Unusable,
}

impl CertificateAuthority {
    /// The certificates in DER.
    pub(crate) fn der(&self) -> Vec<Vec<u8>> {
        self.0.clone()
    }
}

impl TryFrom<&[u8]> for CertificateAuthority {
    type Error = InvalidCertificateAuthority;

    /// Reads PEM.
    fn try_from(pem: &[u8]) -> Result<Self, InvalidCertificateAuthority> {
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| InvalidCertificateAuthority::NotPem)?;
            certificates.push(certificate.to_vec());
            store.add(certificate).map_err(|_| InvalidCertificateAuthority::Unusable)?;
        }
        if certificates.is_empty() {
            return Err(InvalidCertificateAuthority::NoCertificate);
        }
        Ok(Self(certificates))
    }
}
