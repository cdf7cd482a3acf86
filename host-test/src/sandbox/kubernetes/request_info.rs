//! What a request is about, in the terms that rules and messages speak of.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/authorization/#review-your-request-attributes>

use http::{Method, Uri};

use super::parameters::Parameters;

/// Read from method, path and query.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RequestInfo<'a> {
    /// About the server itself.
    NonResource { verb: String, path: &'a str },
    /// About objects.
    Resource(ResourceRequest<'a>),
}

/// About objects of one kind. Absent parts are empty.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResourceRequest<'a> {
    pub(super) verb: &'a str,
    pub(super) group: &'a str,
    pub(super) version: &'a str,
    pub(super) namespace: &'a str,
    pub(super) resource: &'a str,
    pub(super) name: &'a str,
    pub(super) subresource: &'a str,
}

impl<'a> RequestInfo<'a> {
    pub(super) fn of(method: &Method, uri: &'a Uri) -> Self {
        let path = uri.path();
        ResourceRequest::of(method, path, &Parameters::of(uri)).map_or_else(
            || Self::NonResource { verb: method.as_str().to_ascii_lowercase(), path },
            Self::Resource,
        )
    }

    pub(super) fn verb(&self) -> &str {
        match self {
            Self::NonResource { verb, .. } => verb,
            Self::Resource(request) => request.verb,
        }
    }
}

impl<'a> ResourceRequest<'a> {
    /// `None` for paths that name no resource, discovery among them.
    fn of(method: &Method, path: &'a str, parameters: &Parameters) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let (group, version) = match segments.next()? {
            "api" => ("", segments.next()?),
            "apis" => (segments.next()?, segments.next()?),
            _ => return None,
        };
        let rest: Vec<&str> = segments.collect();
        let (namespace, rest) = match rest.as_slice() {
            // A namespace itself is a resource, and within itself.
            ["namespaces", namespace] => (*namespace, rest.as_slice()),
            ["namespaces", namespace, rest @ ..] => (*namespace, rest),
            rest => ("", rest),
        };
        let (resource, rest) = rest.split_first()?;
        let name = rest.first().copied().unwrap_or_default();
        let subresource = rest.get(1).copied().unwrap_or_default();
        let verb = verb(method, name.is_empty(), parameters);
        Some(Self { verb, group, version, namespace, resource, name, subresource })
    }
}

fn verb(method: &Method, is_collection: bool, parameters: &Parameters) -> &'static str {
    let is_watch = || matches!(parameters.get("watch"), Some("true" | "1" | ""));
    match (method.as_str(), is_collection) {
        ("GET" | "HEAD", true) if is_watch() => "watch",
        ("GET" | "HEAD", true) => "list",
        ("GET" | "HEAD", false) => "get",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "deletecollection",
        ("DELETE", false) => "delete",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::{RequestInfo, ResourceRequest};

    #[test]
    fn resources_are_recognised() {
        let uri: Uri = "/apis/apps/v1/namespaces/a/deployments/b/scale".parse().expect("a URI");
        let expected = ResourceRequest {
            verb: "get",
            group: "apps",
            version: "v1",
            namespace: "a",
            resource: "deployments",
            name: "b",
            subresource: "scale",
        };
        assert_eq!(RequestInfo::of(&Method::GET, &uri), RequestInfo::Resource(expected));
    }

    #[test]
    fn a_namespace_is_a_resource() {
        let uri: Uri = "/api/v1/namespaces/a".parse().expect("a URI");
        let RequestInfo::Resource(request) = RequestInfo::of(&Method::GET, &uri) else {
            panic!("a resource")
        };
        assert_eq!((request.resource, request.name), ("namespaces", "a"));
    }

    #[test]
    fn discovery_is_none() {
        for path in ["/", "/version", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1"] {
            let uri: Uri = path.parse().expect("a URI");
            let info = RequestInfo::of(&Method::GET, &uri);
            assert_eq!(info, RequestInfo::NonResource { verb: "get".to_owned(), path });
        }
    }
}
