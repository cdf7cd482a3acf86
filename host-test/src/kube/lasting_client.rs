//! A client that outlives its token, and its server's address.

use std::sync::Arc;

use ::kube::Client;
use ::kube::client::Body;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::sync::Mutex;
use tower::{BoxError, service_fn};
use tracing::info;

use super::tokens::{BoxFuture, TokenSource, Tokens};
use super::{ApiServer, TransportFault};
use crate::Clock;

/// The least time between two searches for the same server, in seconds: where it is down, each
/// request would look for it.
const LOCATE_INTERVAL: u64 = 10;

/// Finds the API server of a cluster.
pub trait Locator: Send + Sync + 'static {
    /// Where it is now, and who vouches for it.
    fn locate(&self) -> BoxFuture<'_, Result<ApiServer, BoxError>>;
}

/// A client that never goes stale.
///
/// Each request carries a token that `tokens` made: one for all, renewed ahead of its end, and once
/// where the server answers 401. The server is looked for at the first request, and again when it
/// cannot be reached any more or another certificate authority vouches for it. A request whose body
/// is a stream is sent once only.
///
/// Must be called within a tokio runtime.
pub fn lasting_client(
    locator: Arc<dyn Locator>,
    tokens: Arc<dyn TokenSource>,
    clock: Clock,
    default_namespace: &str,
) -> Client {
    let cluster = Arc::new(Cluster {
        locator,
        tokens: Tokens::new(tokens, clock.clone()),
        clock,
        connection: Mutex::new(None),
    });
    let service = service_fn(move |request| {
        let cluster = Arc::clone(&cluster);
        async move { cluster.send(request).await }
    });
    Client::new(service, default_namespace)
}

struct Cluster {
    locator: Arc<dyn Locator>,
    tokens: Tokens,
    clock: Clock,
    connection: Mutex<Option<Connection>>,
}

/// To the server as it was found at some time.
#[derive(Clone)]
struct Connection {
    client: Client,
    located_at: u64,
}

impl Cluster {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let spare = try_clone(&request);
        let connection = self.connection().await?;
        let authorization = self.tokens.authorization().await?;
        let answer = connection.send(request, authorization.clone()).await;
        match (answer, spare) {
            (Ok(answer), Some(spare)) if answer.status() == StatusCode::UNAUTHORIZED => {
                info!("the server refused the token; trying a new one");
                let authorization = self.tokens.instead_of(&authorization).await?;
                Ok(connection.send(spare, authorization).await?)
            }
            (Ok(answer), _) => Ok(answer),
            (Err(error), spare) => {
                let reach = Reach::of(&error);
                if reach == Reach::Answering {
                    return Err(error.into());
                }
                info!("the server cannot be reached any more; looking for it");
                let replaced = self.replace(&connection).await?;
                match (replaced, spare) {
                    (Some(connection), Some(spare)) if reach == Reach::Lost => {
                        Ok(connection.send(spare, authorization).await?)
                    }
                    _ => Err(error.into()),
                }
            }
        }
    }

    /// The one in use, or the first.
    async fn connection(&self) -> Result<Connection, BoxError> {
        let mut held = self.connection.lock().await;
        match held.as_ref() {
            Some(connection) => Ok(connection.clone()),
            None => Ok(held.insert(self.connect().await?).clone()),
        }
    }

    /// Another than `lost`; none where that has only just been found.
    async fn replace(&self, lost: &Connection) -> Result<Option<Connection>, BoxError> {
        let mut held = self.connection.lock().await;
        if let Some(connection) = held.as_ref().filter(|held| held.located_at != lost.located_at) {
            return Ok(Some(connection.clone()));
        }
        if self.clock.now() < lost.located_at.saturating_add(LOCATE_INTERVAL) {
            return Ok(None);
        }
        Ok(Some(held.insert(self.connect().await?).clone()))
    }

    async fn connect(&self) -> Result<Connection, BoxError> {
        let client = self.locator.locate().await?.client_without_token()?;
        Ok(Connection { client, located_at: self.clock.now() })
    }
}

impl Connection {
    async fn send(
        &self,
        mut request: Request<Body>,
        authorization: HeaderValue,
    ) -> ::kube::Result<Response<Body>> {
        request.headers_mut().insert(AUTHORIZATION, authorization);
        self.client.send(request).await
    }
}

/// How far a failed request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The server is not there, or is another: nothing was sent.
    Lost,
    /// The server may have read it, and may be gone.
    Unknown,
    /// The server is there.
    Answering,
}

impl Reach {
    fn of(error: &::kube::Error) -> Self {
        match TransportFault::of(error) {
            TransportFault::NameNotResolved
            | TransportFault::Refused
            | TransportFault::Unreachable
            | TransportFault::UntrustedCertificate
            | TransportFault::WrongHost => Self::Lost,
            TransportFault::TimedOut | TransportFault::Closed => Self::Unknown,
            _ => Self::Answering,
        }
    }
}

/// None where the body is a stream.
fn try_clone(request: &Request<Body>) -> Option<Request<Body>> {
    let mut clone = Request::new(request.body().try_clone()?);
    *clone.method_mut() = request.method().clone();
    *clone.uri_mut() = request.uri().clone();
    *clone.version_mut() = request.version();
    clone.headers_mut().clone_from(request.headers());
    clone.extensions_mut().clone_from(request.extensions());
    Some(clone)
}
