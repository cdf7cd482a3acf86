//! The `ConfigMap` `aws-auth` in `kube-system`. There is no other.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use serde_json::json;

use super::accept::require_json;
use super::request_info::ResourceRequest;
use super::status::Status;
use crate::sandbox::aws_auth::AwsAuth;

/// Its namespace.
pub(super) const NAMESPACE: &str = "kube-system";
/// Its name.
pub(super) const AWS_AUTH: &str = "aws-auth";

/// Answers a permitted request.
pub(super) fn respond(
    request: &ResourceRequest<'_>,
    headers: &HeaderMap,
    aws_auth: Option<&AwsAuth>,
) -> Result<Response, Status> {
    require_json(headers)?;
    let is_aws_auth = (request.namespace, request.name) == (NAMESPACE, AWS_AUTH);
    let aws_auth = aws_auth.filter(|_| is_aws_auth).ok_or_else(|| Status::not_found(request))?;
    let config_map = json!({
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": {
            "name": AWS_AUTH,
            "namespace": NAMESPACE,
            "uid": "00000000-0000-4000-8000-000000000001",
            "resourceVersion": "1",
        },
        "data": aws_auth.data(),
    });
    Ok(Json(config_map).into_response())
}
