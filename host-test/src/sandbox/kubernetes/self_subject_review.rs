//! `POST /apis/authentication.k8s.io/v1/selfsubjectreviews`: who am I?
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review>

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::accept::require_json;
use super::pods::timestamp;
use super::status::Status;
use crate::sandbox::user::User;

/// Tells the caller what the server takes it for.
pub(super) fn respond(user: &User, headers: &HeaderMap, now: u64) -> Result<Response, Status> {
    require_json(headers)?;
    let review = json!({
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": { "creationTimestamp": timestamp(now) },
        "status": { "userInfo": user.to_json() },
    });
    Ok((StatusCode::CREATED, Json(review)).into_response())
}
