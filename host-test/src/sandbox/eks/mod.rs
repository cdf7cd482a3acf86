//! The EKS API of AWS, as far as a cluster and its access entries are described (REST-JSON).
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html>

mod access_entries;
mod describe_cluster;
mod error;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::access_entries::AccessEntries;
use super::credentials::IssuedCredentials;
use super::request_log::{shown_method, shown_path};
use super::sigv4::{Service, Verifier};
use super::{
    ACCOUNT_ID, Api, AuthenticationMode, ClusterStatus, EksAction, Outcome, RequestHook,
    RequestRecord,
};
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
    pub(super) status: ClusterStatus,
    pub(super) authentication_mode: AuthenticationMode,
    /// What the cluster is said to have.
    pub(super) endpoint: String,
    pub(super) authority_pem: String,
    pub(super) access_entries: AccessEntries,
    pub(super) denied_actions: Vec<EksAction>,
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
        let segments = segments(parts.uri.path()).ok_or(EksError::UnknownOperation)?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (parts.method.as_str(), segments.as_slice()) {
            ("GET", ["clusters"]) => Err(self.denied(caller, "eks:ListClusters", "*")),
            ("POST", ["clusters"]) => Err(self.denied(caller, "eks:CreateCluster", "*")),
            ("GET", ["clusters", name]) => {
                self.authorize(caller, EksAction::DescribeCluster, name)?;
                self.describe_cluster(name)
            }
            ("GET", ["clusters", name, "access-entries"]) => {
                self.authorize(caller, EksAction::ListAccessEntries, name)?;
                self.list_access_entries(name, &parts.uri)
            }
            ("GET", ["clusters", name, "access-entries", principal_arn]) => {
                self.authorize(caller, EksAction::DescribeAccessEntry, name)?;
                self.describe_access_entry(name, principal_arn)
            }
            _ => Err(EksError::UnknownOperation),
        }
    }

    /// Every caller may describe the cluster and its access entries, unless nobody may.
    fn authorize(
        &self,
        caller: &IssuedCredentials,
        action: EksAction,
        cluster: &str,
    ) -> Result<(), EksError> {
        if self.denied_actions.contains(&action) {
            return Err(self.denied(caller, action.as_str(), cluster));
        }
        Ok(())
    }

    fn denied(&self, caller: &IssuedCredentials, action: &'static str, cluster: &str) -> EksError {
        let region = self.region.as_str();
        EksError::AccessDenied {
            caller: caller.caller.arn.clone(),
            action,
            resource: format!("arn:aws:eks:{region}:{ACCOUNT_ID}:cluster/{cluster}"),
        }
    }

    /// That this is the name of our cluster.
    fn check_cluster(&self, name: &str) -> Result<(), EksError> {
        if name == self.cluster_name.as_str() {
            Ok(())
        } else {
            Err(EksError::ClusterNotFound { name: name.to_owned() })
        }
    }
}

/// Those of a path, decoded: an ARN holds slashes. `None` where one is no text.
fn segments(path: &str) -> Option<Vec<String>> {
    let segments = path.trim_matches('/').split('/');
    segments.map(|text| percent_decode_str(text).decode_utf8().ok().map(Into::into)).collect()
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
