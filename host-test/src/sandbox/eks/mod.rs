//! The EKS API of AWS, as far as `DescribeCluster` (REST-JSON).
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html>

mod describe_cluster;
mod error;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use super::credentials::IssuedCredentials;
use super::request_log::{shown_method, shown_path};
use super::sigv4::{Service, Verifier};
use super::{ACCOUNT_ID, Api, Outcome, RequestHook, RequestRecord};
use crate::{Cluster, Region};
use error::EksError;

/// Bodies over this are refused, in bytes: no request needs one at all.
const MAX_BODY: usize = 64 * 1024;

/// How far `X-Amz-Date` may be behind the clock, in seconds.
const MAX_AGE: u64 = 300;

/// The API with its one cluster.
pub(super) struct EksApi {
    pub(super) cluster_name: Cluster,
    pub(super) region: Region,
    /// In seconds since 1970-01-01T00:00:00Z.
    pub(super) created_at: u64,
    pub(super) kubernetes_url: String,
    pub(super) authority_pem: String,
    pub(super) verifier: Verifier,
    pub(super) on_request: Option<RequestHook>,
}

impl EksApi {
    pub(super) fn router(self) -> Router {
        Router::new().fallback(serve).with_state(Arc::new(self))
    }

    fn answer(&self, parts: &Parts, body: &[u8]) -> (Response, Outcome) {
        let service = Service { name: "eks", region: Some(self.region.as_str()), max_age: MAX_AGE };
        match self.verifier.verify(parts, body, service) {
            Ok(caller) => {
                let outcome = Outcome::Caller(caller.caller.arn.clone());
                (self.respond(parts, &caller).unwrap_or_else(EksError::into_response), outcome)
            }
            Err(refusal) => {
                let outcome = Outcome::Refused(refusal.to_string());
                (EksError::from(refusal).into_response(), outcome)
            }
        }
    }

    /// Authorises and answers.
    fn respond(&self, parts: &Parts, caller: &IssuedCredentials) -> Result<Response, EksError> {
        match (parts.method.as_str(), parts.uri.path().strip_prefix("/clusters")) {
            ("GET", Some("" | "/")) => Err(self.denied(caller, "ListClusters", "*")),
            ("POST", Some("" | "/")) => Err(self.denied(caller, "CreateCluster", "*")),
            ("GET", Some(rest)) => match rest.strip_prefix('/') {
                Some(name) if !name.contains('/') => self.describe_cluster(name),
                _ => Err(EksError::UnknownOperation),
            },
            _ => Err(EksError::UnknownOperation),
        }
    }

    /// Every identity may describe the cluster, and nothing else.
    fn denied(&self, caller: &IssuedCredentials, action: &str, cluster: &str) -> EksError {
        let region = self.region.as_str();
        EksError::AccessDenied {
            caller: caller.caller.arn.clone(),
            action: action.to_owned(),
            resource: format!("arn:aws:eks:{region}:{ACCOUNT_ID}:cluster/{cluster}"),
        }
    }
}

async fn serve(State(api): State<Arc<EksApi>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    // A body that is too long is none that was signed.
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_else(|_| Bytes::from_static(b"too long"));
    let (response, outcome) = api.answer(&parts, &body);
    if let Some(on_request) = &api.on_request {
        on_request(&RequestRecord {
            api: Api::Eks,
            method: shown_method(&parts.method),
            path: shown_path(&parts.uri),
            status: response.status().as_u16(),
            outcome,
        });
    }
    response
}
