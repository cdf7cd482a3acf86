//! One request to a cluster, with a token, and what is tried before it fails.

use std::pin::Pin;
use std::sync::Arc;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use http_body::Body as _;
use hyper::body::Incoming;
use tracing::info;

use super::answer::Denial;
use super::body::{Body, Upload};
use super::cluster::Cluster;
use super::headers;
use super::pool::{self, Lease, Pool, Unanswered};
use crate::kube::TransportFault;
use crate::kube::located::{Found, Reach};

/// The longest answer that is read to its end only to keep the connection, in bytes.
const WORTH_READING: u64 = 64 * 1024;

/// A request that may pass.
pub(super) struct Exchange<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) head: &'a Parts,
    /// Path and query, as the cluster is to get them.
    pub(super) path: &'a str,
    pub(super) is_upgrade: bool,
}

/// An answer and the connection that it comes by.
pub(super) type Answered = (Response<Incoming>, Lease);

/// No answer; and the body, where none of it was sent.
struct Failed {
    fault: TransportFault,
    unsent: Option<Upload>,
}

impl Exchange<'_> {
    /// Asks the cluster. A token that it refuses is renewed, and a server that is not there is
    /// looked for, once each. Nothing is sent twice that might have been read once, but for
    /// requests without a body.
    pub(super) async fn run(&self, upload: Upload) -> Result<Answered, Denial> {
        let Cluster { located, tokens, .. } = self.cluster;
        let not_located = |error: tower::BoxError| Denial::NotLocated(error.to_string());
        let no_token = |error: tower::BoxError| Denial::NoToken(error.to_string());
        // First the cluster: its description says which name tokens are signed for.
        let found = located.current().await.map_err(not_located)?;
        let authorization = tokens.authorization().await.map_err(no_token)?;
        let can_repeat = upload.is_none();
        let (answer, lease) = match self.send(&found, &authorization, upload).await {
            Ok(answered) => answered,
            Err(failed) => self.search(&found, &authorization, failed).await?,
        };
        if answer.status() != StatusCode::UNAUTHORIZED {
            tokens.was_taken(&authorization);
            return Ok((answer, lease));
        }
        info!(cluster = &*self.cluster.metrics.cluster, "the cluster refused the token");
        match tokens.instead_of(&authorization).await.map_err(no_token)? {
            Some(authorization) if can_repeat => {
                finish(answer, lease).await;
                let answered = self.send(&found, &authorization, Upload::None).await;
                let answered = answered.map_err(|failed| Denial::Transport(failed.fault))?;
                if answered.0.status() != StatusCode::UNAUTHORIZED {
                    tokens.was_taken(&authorization);
                }
                Ok(answered)
            }
            _ => Ok((answer, lease)),
        }
    }

    /// Looks for the server anew, where it cannot be reached.
    async fn search(
        &self,
        lost: &Arc<Found<Pool>>,
        authorization: &HeaderValue,
        failed: Failed,
    ) -> Result<Answered, Denial> {
        let reach = Reach::of(&failed.fault);
        if reach == Reach::Answering {
            return Err(Denial::Transport(failed.fault));
        }
        let replaced = self.cluster.located.instead_of(lost).await;
        match (replaced.map_err(|error| Denial::NotLocated(error.to_string()))?, failed.unsent) {
            (Some(found), Some(upload)) if reach == Reach::Lost => {
                let answered = self.send(&found, authorization, upload).await;
                answered.map_err(|failed| Denial::Transport(failed.fault))
            }
            _ => Err(Denial::Transport(failed.fault)),
        }
    }

    async fn send(
        &self,
        found: &Arc<Found<Pool>>,
        authorization: &HeaderValue,
        upload: Upload,
    ) -> Result<Answered, Failed> {
        let can_repeat = upload.is_none() && self.head.method.is_safe();
        let mut request = self.request(&found.way, authorization, upload);
        let mut may_be_used = true;
        loop {
            let mut lease = match pool::lease(found, may_be_used).await {
                Ok(lease) => lease,
                Err(fault) => return Err(Failed { fault, unsent: Some(request.into_body()) }),
            };
            match lease.send(request).await {
                Ok(answer) => return Ok((answer, lease)),
                // The server had closed a connection that it thought unused.
                Err(Unanswered::NotSent(unsent)) if lease.is_reused => request = *unsent,
                Err(Unanswered::Closed) if lease.is_reused && can_repeat => {
                    may_be_used = false;
                    request = self.request(&found.way, authorization, Upload::None);
                }
                Err(Unanswered::NotSent(unsent)) => {
                    let unsent = Some(unsent.into_body());
                    return Err(Failed { fault: TransportFault::Closed, unsent });
                }
                Err(Unanswered::Closed) => {
                    return Err(Failed { fault: TransportFault::Closed, unsent: None });
                }
                Err(Unanswered::Fault(fault)) => return Err(Failed { fault, unsent: None }),
            }
        }
    }

    fn request(&self, pool: &Pool, authorization: &HeaderValue, upload: Upload) -> Request<Upload> {
        let mut request = Request::new(upload);
        *request.method_mut() = self.head.method.clone();
        *request.uri_mut() = self.uri(pool);
        let headers: &mut HeaderMap = request.headers_mut();
        *headers = headers::for_cluster(&self.head.headers, self.is_upgrade);
        headers.insert(HOST, pool.host.clone());
        headers.insert(AUTHORIZATION, authorization.clone());
        request
    }

    /// In origin form. What was checked is what is sent.
    fn uri(&self, pool: &Pool) -> Uri {
        let whole = self.head.uri.path_and_query();
        if let Some(whole) =
            whole.filter(|whole| pool.base.is_empty() && whole.as_str() == self.path)
        {
            return whole.clone().into();
        }
        let joined = PathAndQuery::try_from(format!("{}{}", pool.base, self.path));
        // A part of a path, behind a path, is one.
        joined.map(Uri::from).unwrap_or_default()
    }
}

/// Reads a short answer that nobody wants, so that its connection can be used again.
async fn finish(answer: Response<Incoming>, lease: Lease) {
    let length = answer.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length: Option<u64> = length.and_then(|length| length.parse().ok());
    if length.is_none_or(|length| length > WORTH_READING) {
        return;
    }
    let mut body = Body::passing(answer.into_body(), lease);
    while !body.is_end_stream() {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        if !matches!(frame, Some(Ok(_))) {
            return;
        }
    }
}
