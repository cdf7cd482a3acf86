//! `/metrics`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::body::Body;
use super::callers::{Callers, Check};
use super::metrics::Metrics;

/// <https://prometheus.io/docs/specs/om/open_metrics_spec/>
const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Serves the page until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    metrics: Arc<Metrics>,
    stop: CancellationToken,
) {
    let check = Check { callers: Callers::default(), address: Some(address), is_tls: false };
    let check = Arc::new(check);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let (metrics, check) = (Arc::clone(&metrics), Arc::clone(&check));
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = answer(request, &metrics, &check);
            async move { Ok::<_, Infallible>(answer) }
        });
        let mut builder = http1::Builder::new();
        let connection = builder
            .timer(TokioTimer::new())
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

fn answer(request: Request<Incoming>, metrics: &Metrics, check: &Check) -> Response<Body> {
    let (head, _) = request.into_parts();
    // Elsewhere it goes by whatever name its machine has.
    let is_local = check.address.is_some_and(|address| address.ip().is_loopback());
    let status = if is_local && check.admit(&head, None).is_err() {
        StatusCode::FORBIDDEN
    } else if head.uri.path() != "/metrics" {
        StatusCode::NOT_FOUND
    } else if head.method != Method::GET {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        let mut page = Response::new(Body::fixed(Bytes::from(metrics.text())));
        page.headers_mut().insert(CONTENT_TYPE, OPEN_METRICS);
        return page;
    };
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}
