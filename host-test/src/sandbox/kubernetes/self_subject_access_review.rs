//! `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews`: may I? In JSON alone: kubectl, which
//! asks in protobuf, is refused.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/>

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::accept::require_json;
use super::authorization;
use super::request_info::{RequestInfo, ResourceRequest};
use super::status::Status;
use crate::sandbox::user::User;

#[derive(Deserialize)]
struct Review {
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    resource_attributes: Option<ResourceAttributes>,
    non_resource_attributes: Option<NonResourceAttributes>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResourceAttributes {
    namespace: String,
    verb: String,
    group: String,
    version: String,
    resource: String,
    subresource: String,
    name: String,
}

#[derive(Deserialize)]
struct NonResourceAttributes {
    #[serde(default)]
    path: String,
    #[serde(default)]
    verb: String,
}

/// Answers from the rules that requests are judged by.
pub(super) fn respond(user: &User, headers: &HeaderMap, body: &[u8]) -> Result<Response, Status> {
    require_json(headers)?;
    if !is_json(headers) {
        return Err(Status::unsupported_media_type());
    }
    let unreadable = |_| Status::bad_request("the body is no SelfSubjectAccessReview".to_owned());
    let body: Value = serde_json::from_slice(body).map_err(unreadable)?;
    let Review { spec } = Review::deserialize(&body).map_err(unreadable)?;
    let info = spec.request_info().ok_or_else(|| {
        let message = "spec: exactly one of nonResourceAttributes or resourceAttributes must be \
                       specified";
        Status::bad_request(message.to_owned())
    })?;
    let review = json!({
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": body.get("spec"),
        "status": { "allowed": authorization::is_allowed(&user.groups, &info) },
    });
    Ok((StatusCode::CREATED, Json(review)).into_response())
}

/// A body of no type counts as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|value| value.as_bytes().starts_with(b"application/json"))
}

impl Spec {
    /// `None` where it asks for nothing, or for two things.
    fn request_info(&self) -> Option<RequestInfo<'_>> {
        match (&self.resource_attributes, &self.non_resource_attributes) {
            (Some(resource), None) => Some(RequestInfo::Resource(ResourceRequest {
                verb: &resource.verb,
                group: &resource.group,
                version: &resource.version,
                namespace: &resource.namespace,
                resource: &resource.resource,
                name: &resource.name,
                subresource: &resource.subresource,
            })),
            (None, Some(NonResourceAttributes { path, verb })) => {
                Some(RequestInfo::NonResource { verb: verb.clone(), path })
            }
            _ => None,
        }
    }
}
