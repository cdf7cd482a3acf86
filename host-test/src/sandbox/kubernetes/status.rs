//! `metav1.Status`: what went wrong, as kube-apiserver says it.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::request_info::{RequestInfo, ResourceRequest};

/// A failure.
#[derive(Debug)]
pub(super) struct Status {
    code: StatusCode,
    reason: &'static str,
    message: String,
    details: Option<Value>,
}

impl Status {
    /// 401. The caller learns nothing of why.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized".to_owned())
    }

    /// 403, in the words that tools look for.
    pub(super) fn forbidden(user: &str, info: &RequestInfo<'_>) -> Self {
        let verb = info.verb();
        let (message, details) = match info {
            RequestInfo::NonResource { path, .. } => {
                (format!("forbidden: User \"{user}\" cannot {verb} path \"{path}\""), json!({}))
            }
            RequestInfo::Resource(request) => {
                let who = format!("User \"{user}\" cannot {verb} {}", scope(request));
                (format!("{} is forbidden: {who}", subject(request)), details(request))
            }
        };
        let status = Self::new(StatusCode::FORBIDDEN, "Forbidden", message);
        Self { details: Some(details), ..status }
    }

    /// 404 for an object.
    pub(super) fn not_found(request: &ResourceRequest<'_>) -> Self {
        let message = format!("{} not found", subject(request));
        let status = Self::new(StatusCode::NOT_FOUND, "NotFound", message);
        Self { details: Some(details(request)), ..status }
    }

    /// 404 for a path that the server does not know.
    pub(super) fn unknown_path() -> Self {
        let message = "the server could not find the requested resource".to_owned();
        let status = Self::new(StatusCode::NOT_FOUND, "NotFound", message);
        Self { details: Some(json!({})), ..status }
    }

    /// 400.
    pub(super) fn bad_request(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 406: none of the forms that the caller accepts can be had.
    pub(super) fn not_acceptable() -> Self {
        let message = "only the following media types are accepted: application/json".to_owned();
        Self::new(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", message)
    }

    /// 415: the body is in a form that the server does not read.
    pub(super) fn unsupported_media_type() -> Self {
        let message = "the body of the request was in an unknown format - accepted media types \
                       include: application/json"
            .to_owned();
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    }

    /// 410: a list cannot be continued, because what it began with is gone.
    pub(super) fn expired() -> Self {
        let message = "The provided continue parameter is too old to display a consistent list \
                       result. Begin the list again without it.";
        Self::too_old(message.to_owned())
    }

    /// 410: what was at that version is not kept any more.
    pub(super) fn too_old(message: String) -> Self {
        Self::new(StatusCode::GONE, "Expired", message)
    }

    /// 422: the options of a request contradict each other or the server.
    pub(super) fn invalid_options(message: &str) -> Self {
        let message = format!("ListOptions.meta.k8s.io \"\" is invalid: {message}");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message)
    }

    /// 504: the server has not come to that version yet.
    pub(super) fn too_new(asked_for: u64, current: u64) -> Self {
        let message = format!("Too large resource version: {asked_for}, current: {current}");
        let cause =
            json!({ "reason": "ResourceVersionTooLarge", "message": "Too large resource version" });
        let status = Self::new(StatusCode::GATEWAY_TIMEOUT, "Timeout", message);
        Self { details: Some(json!({ "causes": [cause], "retryAfterSeconds": 1 })), ..status }
    }

    /// As an object.
    pub(super) fn to_json(&self) -> Value {
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code.as_u16(),
        });
        if let (Some(details), Some(body)) = (&self.details, body.as_object_mut()) {
            body.insert("details".to_owned(), details.clone());
        }
        body
    }

    const fn new(code: StatusCode, reason: &'static str, message: String) -> Self {
        Self { code, reason, message, details: None }
    }
}

impl IntoResponse for Status {
    fn into_response(self) -> Response {
        (self.code, Json(self.to_json())).into_response()
    }
}

/// `pods`, `deployments.apps "web"`
fn subject(request: &ResourceRequest<'_>) -> String {
    let ResourceRequest { group, resource, name, .. } = request;
    let mut subject = (*resource).to_owned();
    if !group.is_empty() {
        subject = format!("{subject}.{group}");
    }
    if !name.is_empty() {
        subject = format!("{subject} \"{name}\"");
    }
    subject
}

/// `resource "pods" in API group "" in the namespace "default"`
fn scope(request: &ResourceRequest<'_>) -> String {
    let ResourceRequest { group, namespace, resource, subresource, .. } = request;
    let subresource =
        if subresource.is_empty() { String::new() } else { format!("/{subresource}") };
    let place = if namespace.is_empty() {
        "at the cluster scope".to_owned()
    } else {
        format!("in the namespace \"{namespace}\"")
    };
    format!("resource \"{resource}{subresource}\" in API group \"{group}\" {place}")
}

fn details(request: &ResourceRequest<'_>) -> Value {
    let parts = [("name", request.name), ("group", request.group), ("kind", request.resource)];
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    Value::Object(parts.map(|(key, value)| (key.to_owned(), value.into())).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::Status;
    use crate::sandbox::kubernetes::request_info::RequestInfo;

    fn forbidden(uri: &str) -> String {
        let uri: Uri = uri.parse().expect("a URI");
        Status::forbidden("ada", &RequestInfo::of(&Method::GET, &uri)).message
    }

    #[test]
    fn messages_are_those_of_the_api_server() {
        assert_eq!(
            forbidden("/api/v1/pods"),
            "pods is forbidden: User \"ada\" cannot list resource \"pods\" in API group \"\" at \
             the cluster scope"
        );
        assert_eq!(
            forbidden("/api/v1/namespaces/shop/pods/web/log"),
            "pods \"web\" is forbidden: User \"ada\" cannot get resource \"pods/log\" in API \
             group \"\" in the namespace \"shop\""
        );
        assert_eq!(
            forbidden("/apis/apps/v1/deployments"),
            "deployments.apps is forbidden: User \"ada\" cannot list resource \"deployments\" in \
             API group \"apps\" at the cluster scope"
        );
        assert_eq!(forbidden("/metrics"), "forbidden: User \"ada\" cannot get path \"/metrics\"");
    }
}
