//! A caller's connection.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::site::Site;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take, and a connection stay unused: longer than clients keep
/// theirs (90 seconds in Go), so that it is they who close it.
const HEAD: Duration = Duration::from_mins(2);

/// Serves a connection to its end. After `stop` it ends with what is under way.
pub(super) async fn serve<S>(
    stream: S,
    local: Option<SocketAddr>,
    site: Arc<ArcSwap<Site>>,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let tls = site.load().tls.clone();
    let Some(tls) = tls else { return serve_plain(stream, local, site, stop).await };
    match timeout(HANDSHAKE, TlsAcceptor::from(tls).accept(stream)).await {
        Ok(Ok(stream)) => serve_plain(stream, local, site, stop).await,
        Ok(Err(error)) => debug!(%error, "a handshake failed"),
        Err(_) => debug!("a handshake took too long"),
    }
}

async fn serve_plain<S>(
    stream: S,
    local: Option<SocketAddr>,
    site: Arc<ArcSwap<Site>>,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new());
    let service = service_fn(move |request| {
        let site = site.load_full();
        async move { Ok::<_, Infallible>(site.answer(request, local).await) }
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(error, "a caller's connection ended");
    }
}
