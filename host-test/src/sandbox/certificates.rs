//! The sandbox's certificate authority, and the one certificate that it signs.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use super::SandboxError;

/// Behind the clock of a client that is somewhat slow.
const VALID_BEFORE: Duration = Duration::hours(1);
/// Longer than any sandbox runs.
const VALID_FOR: Duration = Duration::days(30);

/// How the servers of a sandbox prove who they are.
pub(super) struct Certificates {
    /// The authority's certificate in PEM. Its key is gone.
    pub(super) authority_pem: String,
    /// TLS for a server at 127.0.0.1 and localhost.
    pub(super) tls: Arc<ServerConfig>,
}

impl Certificates {
    /// Makes new keys.
    pub(super) fn generate() -> Result<Self, SandboxError> {
        let authority = authority()?;
        let key = KeyPair::generate().map_err(SandboxError::Certificate)?;
        let certificate = server_params()
            .and_then(|params| params.signed_by(&key, &authority))
            .map_err(SandboxError::Certificate)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder.with_no_client_auth().with_single_cert(vec![certificate.into()], key)
            })
            .map_err(SandboxError::Tls)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { authority_pem: authority.pem(), tls: Arc::new(tls) })
    }
}

/// The certificate of another authority of the same name, in PEM, as a cluster has after it was made
/// anew. It signs nothing.
pub(super) fn other_authority_pem() -> Result<String, SandboxError> {
    Ok(authority()?.pem())
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, SandboxError> {
    let key = KeyPair::generate().map_err(SandboxError::Certificate)?;
    CertifiedIssuer::self_signed(authority_params(), key).map_err(SandboxError::Certificate)
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("eks-token-sandbox CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    limit_validity(&mut params);
    params
}

fn server_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    params.distinguished_name = name("eks-token-sandbox");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // OpenSSL's strict mode, which Python turns on, wants it.
    params.use_authority_key_identifier_extension = true;
    limit_validity(&mut params);
    Ok(params)
}

fn name(common_name: &str) -> rcgen::DistinguishedName {
    let mut name = rcgen::DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// By the system's clock: clients' TLS goes by theirs.
fn limit_validity(params: &mut CertificateParams) {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - VALID_BEFORE;
    params.not_after = now + VALID_FOR;
}
