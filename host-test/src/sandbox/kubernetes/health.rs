//! What load balancers ask, and the only thing that needs no token.
//!
//! <https://kubernetes.io/docs/reference/using-api/health-checks/>

use axum::response::{IntoResponse as _, Response};

/// The answer, if `path` asks for one.
pub(super) fn respond(path: &str) -> Option<Response> {
    matches!(path, "/healthz" | "/livez" | "/readyz").then(|| "ok".into_response())
}
