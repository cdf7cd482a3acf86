//! Connections to one server, each kept for the next request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tracing::debug;

use super::body::{Upload, UploadEnd};
use super::connector::Connector;
use crate::kube::located::Found;
use crate::kube::{ApiServer, ClientError, TransportFault};

/// How long a connection is kept unused: shorter than servers and load balancers do.
const IDLE: Duration = Duration::from_mins(1);
/// How many are kept unused.
const MAX_IDLE: usize = 256;

/// Connections to a server.
pub(super) struct Pool {
    connector: Connector,
    /// The header `Host`.
    pub(super) host: HeaderValue,
    /// The path of the server's URL, without a slash at its end.
    pub(super) base: String,
    /// The last one used is the first to be used again. Held for a push or a pop alone.
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    sender: SendRequest<Upload>,
    since: Instant,
}

/// A connection in use.
pub(super) struct Lease {
    sender: SendRequest<Upload>,
    pool: Arc<Found<Pool>>,
    upload: Option<UploadEnd>,
    /// Whether it was used before.
    pub(super) is_reused: bool,
}

/// Why a request got no answer.
pub(super) enum Unanswered {
    /// None of it was sent.
    NotSent(Box<Request<Upload>>),
    /// The connection ended before the answer began.
    Closed,
    /// Anything else.
    Fault(TransportFault),
}

impl Pool {
    pub(super) fn new(server: &ApiServer) -> Result<Self, ClientError> {
        let host = HeaderValue::try_from(server.url.host());
        Ok(Self {
            connector: Connector::new(server)?,
            host: host.map_err(|error| ClientError::Setup(error.to_string()))?,
            base: server.url.uri().path().trim_end_matches('/').to_owned(),
            idle: Mutex::default(),
        })
    }

    /// Closes what has not been used for long.
    pub(super) fn sweep(&self) {
        self.lock().retain(|idle| idle.since.elapsed() < IDLE && !idle.sender.is_closed());
    }

    /// Nothing is locked any more when this returns.
    fn pop(&self) -> Option<Idle> {
        self.lock().pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<SendRequest<Upload>, TransportFault> {
        let stream = TokioIo::new(self.connector.connect().await?);
        let handshake = http1::Builder::new().handshake(stream).await;
        let (sender, connection) = handshake.map_err(|error| TransportFault::of(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                debug!(%error, "a connection to the API server ended");
            }
        });
        Ok(sender)
    }
}

/// A connection that was used before, where there is one, or a new one.
pub(super) async fn lease(
    found: &Arc<Found<Pool>>,
    may_be_used: bool,
) -> Result<Lease, TransportFault> {
    let pool = Arc::clone(found);
    while let Some(mut idle) = may_be_used.then(|| found.way.pop()).flatten() {
        if idle.since.elapsed() < IDLE && idle.sender.ready().await.is_ok() {
            return Ok(Lease { sender: idle.sender, pool, upload: None, is_reused: true });
        }
    }
    let sender = found.way.connect().await?;
    Ok(Lease { sender, pool, upload: None, is_reused: false })
}

impl Lease {
    pub(super) async fn send(
        &mut self,
        request: Request<Upload>,
    ) -> Result<Response<Incoming>, Unanswered> {
        self.upload = request.body().end();
        match self.sender.try_send_request(request).await {
            Ok(answer) => Ok(answer),
            Err(mut failed) => Err(match failed.take_message() {
                Some(request) => Unanswered::NotSent(Box::new(request)),
                None => of_error(failed.error()),
            }),
        }
    }

    /// Keeps the connection for the next request, unless the cluster has answered before it had all
    /// of this one.
    pub(super) fn give_back(self) {
        if self.upload.is_some_and(|upload| !upload.is_reached()) {
            return;
        }
        let mut idle = self.pool.way.lock();
        if idle.len() < MAX_IDLE {
            idle.push(Idle { sender: self.sender, since: Instant::now() });
        }
    }
}

fn of_error(error: &hyper::Error) -> Unanswered {
    let fault = TransportFault::of(error);
    if error.is_incomplete_message() || error.is_canceled() || fault == TransportFault::Closed {
        return Unanswered::Closed;
    }
    Unanswered::Fault(fault)
}
