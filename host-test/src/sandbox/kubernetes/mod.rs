//! The cluster's Kubernetes API: authentication, then authorization, then the answer, as in
//! kube-apiserver.

mod accept;
mod authentication;
mod authorization;
mod config_maps;
mod discovery;
mod health;
mod parameters;
mod pods;
mod request_info;
mod self_subject_access_review;
mod self_subject_review;
mod status;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::Uri;
use http::request::Parts;

use super::authenticator::Authenticator;
use super::identity_mapping::IdentityMapping;
use super::request_log::{shown_method, shown_path};
use super::{Api, Clock, HeadersHook, Outcome, RequestHook, RequestRecord};
use authentication::Authenticated;
use request_info::{RequestInfo, ResourceRequest};
use status::Status;

pub(super) use discovery::{MINOR_VERSION, PLATFORM_VERSION};
pub use pods::PodError;
pub(super) use pods::Pods;

/// Bodies over this are taken for empty, in bytes: those that are looked at are far smaller.
const MAX_BODY: usize = 64 * 1024;

/// The API server.
pub(super) struct ApiServer {
    pub(super) authenticator: Authenticator,
    pub(super) identity_mapping: IdentityMapping,
    pub(super) pods: Arc<Pods>,
    pub(super) clock: Clock,
    pub(super) redirect_pods_to: Option<String>,
    pub(super) on_request: Option<RequestHook>,
    pub(super) on_headers: Option<HeadersHook>,
}

impl ApiServer {
    pub(super) fn router(self) -> Router {
        Router::new().fallback(serve).with_state(Arc::new(self))
    }

    fn answer(&self, parts: &Parts, body: &[u8]) -> (Response, Outcome) {
        if let Some(response) = health::respond(parts.uri.path()) {
            return (response, Outcome::Anonymous);
        }
        match self.authenticate(&parts.headers) {
            Ok(caller) => {
                let outcome = Outcome::Caller(caller.describe());
                let answer = self.authorize(&caller, parts, body);
                (answer.unwrap_or_else(Status::into_response), outcome)
            }
            Err(refusal) => {
                let outcome = Outcome::Refused(refusal.to_string());
                (Status::unauthorized().into_response(), outcome)
            }
        }
    }

    fn authorize(
        &self,
        caller: &Authenticated,
        parts: &Parts,
        body: &[u8],
    ) -> Result<Response, Status> {
        let info = RequestInfo::of(&parts.method, &parts.uri);
        if !authorization::is_allowed(&caller.user.groups, &info) {
            return Err(Status::forbidden(&caller.user.name, &info));
        }
        match &info {
            RequestInfo::NonResource { path, .. } => discovery::respond(path, &parts.headers),
            RequestInfo::Resource(request) => self.respond(request, caller, parts, body),
        }
    }

    fn respond(
        &self,
        request: &ResourceRequest<'_>,
        caller: &Authenticated,
        parts: &Parts,
        body: &[u8],
    ) -> Result<Response, Status> {
        match (request.group, request.version, request.resource, request.subresource) {
            ("", "v1", "pods", "") => match &self.redirect_pods_to {
                Some(origin) => Ok(redirect(origin, &parts.uri)),
                None => self.pods.respond(request, parts, caller.token_good_until),
            },
            ("", "v1", "configmaps", "") => {
                let aws_auth = self.identity_mapping.aws_auth.as_ref();
                config_maps::respond(request, &parts.headers, aws_auth)
            }
            ("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "") => {
                self_subject_access_review::respond(&caller.user, &parts.headers, body)
            }
            ("authentication.k8s.io", "v1", "selfsubjectreviews", "") => {
                self_subject_review::respond(&caller.user, &parts.headers, self.clock.now())
            }
            _ => Err(Status::unknown_path()),
        }
    }
}

fn redirect(origin: &str, uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Redirect::temporary(&format!("{origin}{path}")).into_response()
}

async fn serve(State(server): State<Arc<ApiServer>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(on_headers) = &server.on_headers {
        on_headers(&parts.headers);
    }
    // Read in any case, so that the connection can serve the next request.
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let (response, outcome) = server.answer(&parts, &body);
    if let Some(on_request) = &server.on_request {
        on_request(&RequestRecord {
            api: Api::Kubernetes,
            method: shown_method(&parts.method),
            path: shown_path(&parts.uri),
            status: response.status().as_u16(),
            outcome,
        });
    }
    response
}
