//! Who may do what: a table in the manner of RBAC.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>

use super::config_maps;
use super::request_info::RequestInfo;
use crate::sandbox::user::{AUTHENTICATED, MASTERS, POD_READERS};

/// Grants a group something.
struct Binding {
    group: &'static str,
    verbs: &'static [&'static str],
    on: On,
}

/// What is granted on.
enum On {
    /// Paths; one that ends in `/*` stands for all below.
    Paths(&'static [&'static str]),
    /// A resource in all namespaces, without its subresources.
    Resource { api_group: &'static str, resource: &'static str },
    /// The `ConfigMap` `aws-auth` alone.
    AwsAuth,
}

const BINDINGS: &[Binding] = &[
    // As Kubernetes' own role system:discovery.
    Binding {
        group: AUTHENTICATED,
        verbs: &["get"],
        on: On::Paths(&[
            "/api",
            "/api/*",
            "/apis",
            "/apis/*",
            "/openapi",
            "/openapi/*",
            "/version",
        ]),
    },
    // As system:basic-user.
    Binding {
        group: AUTHENTICATED,
        verbs: &["create"],
        on: On::Resource { api_group: "authentication.k8s.io", resource: "selfsubjectreviews" },
    },
    Binding {
        group: AUTHENTICATED,
        verbs: &["create"],
        on: On::Resource {
            api_group: "authorization.k8s.io",
            resource: "selfsubjectaccessreviews",
        },
    },
    Binding { group: POD_READERS, verbs: &["get"], on: On::AwsAuth },
    Binding {
        group: POD_READERS,
        verbs: &["get", "list", "watch"],
        on: On::Resource { api_group: "", resource: "pods" },
    },
];

/// Whether a member of `groups` may do this.
pub(super) fn is_allowed(groups: &[String], info: &RequestInfo<'_>) -> bool {
    BINDINGS.iter().any(|binding| {
        groups.iter().any(|group| group == binding.group || group == MASTERS)
            && binding.verbs.contains(&info.verb())
            && binding.on.covers(info)
    })
}

impl On {
    fn covers(&self, info: &RequestInfo<'_>) -> bool {
        match (self, info) {
            (Self::Paths(paths), RequestInfo::NonResource { path, .. }) => {
                paths.iter().any(|allowed| matches_path(allowed, path))
            }
            (Self::Resource { api_group, resource }, RequestInfo::Resource(request)) => {
                *api_group == request.group
                    && *resource == request.resource
                    && request.subresource.is_empty()
            }
            (Self::AwsAuth, RequestInfo::Resource(request)) => {
                (request.group, request.resource, request.subresource) == ("", "configmaps", "")
                    && request.namespace == config_maps::NAMESPACE
                    && request.name == config_maps::AWS_AUTH
            }
            _ => false,
        }
    }
}

fn matches_path(allowed: &str, path: &str) -> bool {
    let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
    match allowed.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == allowed,
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::is_allowed;
    use crate::sandbox::kubernetes::request_info::RequestInfo;
    use crate::sandbox::user::{AUTHENTICATED, MASTERS, POD_READERS};

    fn may(groups: &[&str], method: &Method, uri: &str) -> bool {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        let uri: Uri = uri.parse().expect("a URI");
        is_allowed(&groups, &RequestInfo::of(method, &uri))
    }

    #[test]
    fn readers_may_read_pods() {
        let reader = [POD_READERS, AUTHENTICATED];
        assert!(may(&reader, &Method::GET, "/api/v1/pods"));
        assert!(may(&reader, &Method::GET, "/api/v1/pods?watch=true"));
        assert!(may(&reader, &Method::GET, "/api/v1/namespaces/a/pods"));
        assert!(may(&reader, &Method::GET, "/api/v1/namespaces/a/pods/b"));
    }

    #[test]
    fn readers_may_do_nothing_else() {
        let reader = [POD_READERS, AUTHENTICATED];
        assert!(!may(&reader, &Method::GET, "/api/v1/namespaces/a/pods/b/log"));
        assert!(!may(&reader, &Method::DELETE, "/api/v1/namespaces/a/pods/b"));
        assert!(!may(&reader, &Method::POST, "/api/v1/namespaces/a/pods"));
        assert!(!may(&reader, &Method::GET, "/api/v1/secrets"));
        assert!(!may(&reader, &Method::GET, "/metrics"));
        assert!(!may(&reader, &Method::GET, "/apis/metrics.k8s.io/v1beta1/pods"));
    }

    #[test]
    fn readers_may_read_aws_auth_and_no_other() {
        let (namespace, config_map) = ("/api/v1/namespaces/kube-system", "/configmaps/aws-auth");
        for group in [POD_READERS, MASTERS] {
            assert!(may(&[group], &Method::GET, &format!("{namespace}{config_map}")));
            assert!(!may(&[group], &Method::GET, &format!("{namespace}/configmaps")));
            assert!(!may(&[group], &Method::GET, &format!("/api/v1/namespaces/a{config_map}")));
            assert!(!may(&[group], &Method::PUT, &format!("{namespace}{config_map}")));
        }
        let uri = format!("{namespace}{config_map}");
        assert!(!may(&[AUTHENTICATED], &Method::GET, &uri));
    }

    #[test]
    fn everyone_may_discover_and_ask_who_they_are() {
        let review = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        for path in ["/version", "/api", "/api/v1", "/apis", "/apis/"] {
            assert!(may(&[AUTHENTICATED], &Method::GET, path), "{path}");
            assert!(!may(&[], &Method::GET, path), "{path}");
        }
        assert!(may(&[AUTHENTICATED], &Method::POST, review));
        assert!(!may(&[AUTHENTICATED], &Method::GET, "/api/v1/pods"));
    }
}
