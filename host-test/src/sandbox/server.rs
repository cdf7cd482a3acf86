//! One TLS server at a free port of 127.0.0.1.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsConfig, from_tcp_rustls};
use http::HeaderValue;
use http::header::DATE;
use rustls::ServerConfig;
use tokio::task::JoinHandle;

use super::{Clock, SandboxError};

/// How long answers that are under way get to finish.
const GRACE: Duration = Duration::from_secs(1);

/// A port that is held, and not served yet.
pub(super) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes a free one.
    pub(super) fn open() -> Result<Self, SandboxError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(SandboxError::Listen)?;
        let address = listener.local_addr().map_err(SandboxError::Listen)?;
        Ok(Self { listener, address })
    }

    /// `https://127.0.0.1:PORT`
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Serves it; the answers are dated by `clock`. Must be called within a tokio runtime.
    pub(super) fn serve(
        self,
        tls: Arc<ServerConfig>,
        clock: Clock,
        router: Router,
    ) -> Result<Server, SandboxError> {
        let router = router.layer(map_response(move |response| {
            let response = dated(response, &clock);
            async { response }
        }));
        let handle = Handle::new();
        let server = from_tcp_rustls(self.listener, RustlsConfig::from_config(tls))
            .map_err(SandboxError::Listen)?
            .http1_only()
            .handle(handle.clone());
        let task = tokio::spawn(async move {
            // It ends when it is told to, and in no other way: accepting goes on after errors.
            let _ = server.serve(router.into_make_service()).await;
        });
        Ok(Server { handle, task: Some(task) })
    }
}

/// Clients measure their own clock by the header `date`: it shows the sandbox's.
fn dated(mut response: Response, clock: &Clock) -> Response {
    /// The first second of the year 10000, which the form of the header has no room for.
    const END: u64 = 253_402_300_800;
    let now = Duration::from_secs(clock.now().min(END - 1));
    let date = httpdate::fmt_http_date(UNIX_EPOCH + now);
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// A server that runs until it is stopped or dropped.
pub(super) struct Server {
    handle: Handle<SocketAddr>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes no more requests, finishes those under way, and ends.
    pub(super) async fn stop(mut self) {
        self.handle.graceful_shutdown(Some(GRACE));
        if let Some(task) = self.task.take() {
            // It fails where the runtime is being shut down, and then it has ended, too.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}
