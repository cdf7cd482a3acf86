//! Single requests, and answers in JSON.

use http::Request;
use http::header::ACCEPT;
use kube::Client;
use kube::client::Body;
use serde_json::Value;
use tracing::debug;

use super::{ApiServer, ClientError};

/// Whether the server is there and is the right one: any answer is a yes, for no token is shown.
/// Must be called within a tokio runtime.
///
/// # Errors
/// [`ClientError`], one variant a cause.
pub async fn probe(server: &ApiServer) -> Result<(), ClientError> {
    let client = server.client_without_token()?;
    let answer = client.send(get("/version")?).await;
    answer.map(drop).map_err(|error| ClientError::of_request(&error))
}

/// What the API has at `path`.
///
/// # Errors
/// [`ClientError`], one variant a cause.
pub async fn read(client: &Client, path: &str) -> Result<Value, ClientError> {
    read_json(client, get(path)?).await
}

fn get(path: &str) -> Result<Request<Body>, ClientError> {
    Request::get(path)
        .header(ACCEPT, "application/json")
        .body(Body::empty())
        .map_err(|error| ClientError::Setup(error.to_string()))
}

/// One request, answered with JSON.
pub(super) async fn read_json(
    client: &Client,
    request: Request<Body>,
) -> Result<Value, ClientError> {
    let answer = client.send(request).await.map_err(|error| ClientError::of_request(&error))?;
    let status = answer.status();
    debug!(status = status.as_u16(), "the server answered");
    let body = answer.into_body().collect_bytes().await;
    let body = body.map_err(|error| ClientError::of_request(&error))?;
    if !status.is_success() {
        return Err(ClientError::of_answer(status.as_u16(), &body));
    }
    serde_json::from_slice(&body).map_err(malformed)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn malformed(error: serde_json::Error) -> ClientError {
    // Its kind and place, not the text around it.
    ClientError::Malformed(format!("{} at line {}", kind(&error), error.line()))
}

fn kind(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Io => "it could not be read",
        serde_json::error::Category::Syntax => "no JSON",
        serde_json::error::Category::Data => "JSON of another shape",
        serde_json::error::Category::Eof => "JSON that ends too early",
    }
}
