//! Connections to a cluster: TCP, through a proxy where there is one, and TLS that trusts the
//! cluster's authority alone.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower::{BoxError, ServiceExt as _};

use crate::kube::api_server::CONNECT_TIMEOUT;
use crate::kube::{ApiServer, ClientError, TransportFault};

/// After which silence TCP itself asks whether the other side is still there. Load balancers of AWS
/// forget a connection after 350 seconds.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Makes connections to one server.
pub(super) struct Connector {
    server: Uri,
    tcp: Tcp,
    tls: TlsConnector,
    server_name: ServerName<'static>,
}

enum Tcp {
    Direct(HttpConnector),
    Proxied(Tunnel<HttpConnector>),
}

impl Connector {
    pub(super) fn new(server: &ApiServer) -> Result<Self, ClientError> {
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        direct.set_nodelay(true);
        direct.set_keepalive(Some(KEEPALIVE));
        let uri = server.url.uri();
        let tcp = match server.proxy.intercept(uri)? {
            None => Tcp::Direct(direct),
            Some(proxy) => {
                let tunnel = Tunnel::new(proxy.uri().clone(), direct);
                Tcp::Proxied(match proxy.basic_auth() {
                    Some(password) => tunnel.with_auth(password.clone()),
                    None => tunnel,
                })
            }
        };
        let setup = |error: &dyn std::fmt::Display| ClientError::Setup(error.to_string());
        let name = server.tls_server_name.as_deref().or(uri.host()).unwrap_or_default();
        let name = name.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self {
            server: uri.clone(),
            tcp,
            tls: TlsConnector::from(Arc::new(tls(server).map_err(|error| setup(&error))?)),
            server_name: ServerName::try_from(name).map_err(|error| setup(&error))?,
        })
    }

    pub(super) async fn connect(&self) -> Result<TlsStream<TcpStream>, TransportFault> {
        match timeout(CONNECT_TIMEOUT, self.connect_at_length()).await {
            Ok(connected) => connected.map_err(|error| TransportFault::of(&*error)),
            Err(_) => Err(TransportFault::TimedOut),
        }
    }

    async fn connect_at_length(&self) -> Result<TlsStream<TcpStream>, BoxError> {
        let server = self.server.clone();
        let tcp: TokioIo<TcpStream> = match &self.tcp {
            Tcp::Direct(direct) => direct.clone().oneshot(server).await?,
            Tcp::Proxied(tunnel) => tunnel.clone().oneshot(server).await?,
        };
        Ok(self.tls.connect(self.server_name.clone(), tcp.into_inner()).await?)
    }
}

fn tls(server: &ApiServer) -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in server.certificate_authority.der() {
        roots.add(CertificateDer::from(certificate))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
