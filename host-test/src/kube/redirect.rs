//! A redirect is refused: the token must not travel on.

use http::Response;
use tower::BoxError;

/// The server pointed elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("the server answered with a redirect ({status})")]
pub(super) struct Redirected {
    pub(super) status: u16,
}

/// Turns a redirect into an error. hyper follows none, and so nothing does; but callers would take
/// the answer for one of the API.
pub(super) async fn refuse<B>(response: Response<B>) -> Result<Response<B>, BoxError> {
    if response.status().is_redirection() {
        return Err(Box::new(Redirected { status: response.status().as_u16() }));
    }
    Ok(response)
}
