//! What the server is, and which resources it has.
//!
//! <https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api>

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use serde_json::{Value, json};

use super::accept::require_json;
use super::status::Status;

/// The Kubernetes version, as `DescribeCluster` has it.
pub(in crate::sandbox) const MINOR_VERSION: &str = "1.33";
/// The version of what AWS adds.
pub(in crate::sandbox) const PLATFORM_VERSION: &str = "eks.1";

/// Answers for a path that names no resource.
pub(super) fn respond(path: &str, headers: &HeaderMap) -> Result<Response, Status> {
    let body = match path.trim_end_matches('/') {
        "/version" => version(),
        "/api" => core_versions(),
        "/api/v1" => core_resources(),
        "/apis" => groups(),
        "/apis/authentication.k8s.io" => group("authentication.k8s.io"),
        "/apis/authentication.k8s.io/v1" => {
            reviews("authentication.k8s.io/v1", "selfsubjectreview", "SelfSubjectReview")
        }
        "/apis/authorization.k8s.io" => group("authorization.k8s.io"),
        "/apis/authorization.k8s.io/v1" => {
            reviews("authorization.k8s.io/v1", "selfsubjectaccessreview", "SelfSubjectAccessReview")
        }
        _ => return Err(Status::unknown_path()),
    };
    require_json(headers)?;
    Ok(Json(body).into_response())
}

fn version() -> Value {
    let (major, minor) = MINOR_VERSION.split_once('.').unwrap_or_default();
    json!({
        "major": major,
        "minor": minor,
        "gitVersion": format!("v{MINOR_VERSION}.0-eks-sandbox"),
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": "sandbox",
    })
}

fn core_versions() -> Value {
    json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [],
    })
}

fn core_resources() -> Value {
    json!({
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [{
            "name": "pods",
            "singularName": "pod",
            "namespaced": true,
            "kind": "Pod",
            "verbs": ["get", "list", "watch"],
            "shortNames": ["po"],
            "categories": ["all"],
        }, {
            "name": "configmaps",
            "singularName": "configmap",
            "namespaced": true,
            "kind": "ConfigMap",
            "verbs": ["get"],
            "shortNames": ["cm"],
        }],
    })
}

fn groups() -> Value {
    let groups = ["authentication.k8s.io", "authorization.k8s.io"].map(|name| {
        let mut group = group(name);
        if let Some(group) = group.as_object_mut() {
            // Within a list, the list has them for all.
            group.remove("kind");
            group.remove("apiVersion");
        }
        group
    });
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

fn group(name: &str) -> Value {
    let version = json!({ "groupVersion": format!("{name}/v1"), "version": "v1" });
    json!({
        "kind": "APIGroup",
        "apiVersion": "v1",
        "name": name,
        "versions": [version],
        "preferredVersion": version,
    })
}

fn reviews(group_version: &str, singular_name: &str, kind: &str) -> Value {
    json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": group_version,
        "resources": [{
            "name": format!("{singular_name}s"),
            "singularName": singular_name,
            "namespaced": false,
            "kind": kind,
            "verbs": ["create"],
        }],
    })
}
