//! What a caller is told where the cluster gives no answer: a `Status` of Kubernetes, which kubectl
//! and the client libraries show.

use bytes::Bytes;
use eks_token_gateway::Refusal;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::body::Body;
use super::callers::Stranger;
use crate::kube::TransportFault;

/// Why a request went no further.
#[derive(Debug, thiserror::Error)]
pub(super) enum Denial {
    #[error("{0}")]
    Stranger(Stranger),
    #[error("{0}")]
    Refused(Refusal),
    /// No credentials, or none that are good.
    #[error("this proxy has no token for the cluster: {0}")]
    NoToken(String),
    /// The cluster was not found.
    #[error("this proxy does not know where the cluster is: {0}")]
    NotLocated(String),
    /// The cluster did not answer.
    #[error("this proxy cannot reach the API server: {0}")]
    Transport(TransportFault),
}

impl Denial {
    /// The name in metrics.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Stranger(Stranger::NoHost | Stranger::UnknownHost) => "host",
            Self::Stranger(Stranger::Page) => "origin",
            Self::Stranger(Stranger::PageElsewhere) => "fetch-site",
            Self::Refused(Refusal::NoCluster) => "no-cluster",
            Self::Refused(Refusal::Interactive(_) | Refusal::Upgrade) => "interactive",
            Self::Refused(Refusal::AmbiguousPath) => "ambiguous-path",
            Self::Refused(_) => "rules",
            Self::NoToken(_) => "no-token",
            Self::NotLocated(_) => "not-located",
            Self::Transport(_) => "transport",
        }
    }

    /// Status and reason.
    ///
    /// <https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason>
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Stranger(Stranger::NoHost) => (StatusCode::BAD_REQUEST, "BadRequest"),
            Self::Stranger(_) => (StatusCode::FORBIDDEN, "Forbidden"),
            Self::Refused(refusal) => {
                let status = StatusCode::from_u16(refusal.status());
                (status.unwrap_or(StatusCode::FORBIDDEN), refusal.reason())
            }
            Self::NoToken(_) | Self::NotLocated(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable")
            }
            Self::Transport(TransportFault::TimedOut) => (StatusCode::GATEWAY_TIMEOUT, "Timeout"),
            Self::Transport(_) => (StatusCode::BAD_GATEWAY, "InternalError"),
        }
    }

    pub(super) fn answer(&self) -> Response<Body> {
        let (status, reason) = self.kind();
        let text = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.to_string(),
            "reason": reason,
            "code": status.as_u16(),
        });
        let mut answer = Response::new(Body::fixed(Bytes::from(text.to_string())));
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}
