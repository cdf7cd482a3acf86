//! A client that outlives its token, and its server's address.

use std::sync::Arc;

use ::kube::Client;
use ::kube::client::Body;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};
use tower::{BoxError, service_fn};
use tracing::info;

use super::located::{Located, Locator, Reach};
use super::tokens::{TokenSource, Tokens};
use super::{ApiServer, TransportFault};
use crate::Clock;

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
        located: Located::new(locator, clock.clone(), ApiServer::client_without_token),
        tokens: Tokens::new(tokens, clock),
    });
    let service = service_fn(move |request| {
        let cluster = Arc::clone(&cluster);
        async move { cluster.send(request).await }
    });
    Client::new(service, default_namespace)
}

struct Cluster {
    located: Located<Client>,
    tokens: Tokens,
}

impl Cluster {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let spare = try_clone(&request);
        let found = self.located.current().await?;
        let authorization = self.tokens.authorization().await?;
        let answer = send(&found.way, request, authorization.clone()).await;
        match (answer, spare) {
            (Ok(answer), Some(spare)) if answer.status() == StatusCode::UNAUTHORIZED => {
                info!("the server refused the token; trying a new one");
                match self.tokens.instead_of(&authorization).await? {
                    Some(authorization) => self.send_again(&found.way, spare, authorization).await,
                    None => Ok(answer),
                }
            }
            (Ok(answer), _) => {
                self.tokens.was_taken(&authorization);
                Ok(answer)
            }
            (Err(error), spare) => {
                let reach = Reach::of(&TransportFault::of(&error));
                if reach == Reach::Answering {
                    return Err(error.into());
                }
                let replaced = self.located.instead_of(&found).await?;
                match (replaced, spare) {
                    (Some(found), Some(spare)) if reach == Reach::Lost => {
                        Ok(send(&found.way, spare, authorization).await?)
                    }
                    _ => Err(error.into()),
                }
            }
        }
    }

    async fn send_again(
        &self,
        client: &Client,
        request: Request<Body>,
        authorization: HeaderValue,
    ) -> Result<Response<Body>, BoxError> {
        let answer = send(client, request, authorization.clone()).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            self.tokens.was_taken(&authorization);
        }
        Ok(answer)
    }
}

async fn send(
    client: &Client,
    mut request: Request<Body>,
    authorization: HeaderValue,
) -> ::kube::Result<Response<Body>> {
    request.headers_mut().insert(AUTHORIZATION, authorization);
    client.send(request).await
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
