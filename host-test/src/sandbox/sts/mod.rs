//! The STS API of AWS, as far as `GetCallerIdentity` and `AssumeRole` (AWS Query protocol).
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

mod answer;
mod assume_role;
mod error;
mod parameters;
mod service;
mod validation;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;

use super::credentials::IssuedCredentials;
use super::request_log::{shown_method, shown_path};
use super::sigv4::Verifier;
use super::{Api, Outcome, RequestHook, RequestRecord};
use answer::{Answer, Format, Node};
use error::StsError;
use parameters::Parameters;

pub(super) use service::verify;

/// Bodies over this are refused, in bytes: requests are far smaller.
const MAX_BODY: usize = 64 * 1024;

/// The API, for all regions.
pub(super) struct StsApi {
    verifier: Verifier,
    assumed_roles_expire_in: Duration,
    on_request: Option<RequestHook>,
    /// How many requests there were: the next one's id.
    requests: AtomicU64,
}

impl StsApi {
    pub(super) const fn new(
        verifier: Verifier,
        assumed_roles_expire_in: Duration,
        on_request: Option<RequestHook>,
    ) -> Self {
        Self { verifier, assumed_roles_expire_in, on_request, requests: AtomicU64::new(1) }
    }

    pub(super) fn router(self) -> Router {
        Router::new().fallback(serve).with_state(Arc::new(self))
    }

    fn answer(&self, action: Option<&str>, parameters: &Parameters, request: Verified) -> Answered {
        match request {
            Ok(caller) => {
                let outcome = Outcome::Caller(caller.caller.arn.clone());
                (self.respond(action, parameters, &caller), outcome)
            }
            Err(refusal) => {
                (Err(StsError::Refused(refusal)), Outcome::Refused(refusal.to_string()))
            }
        }
    }

    fn respond(
        &self,
        action: Option<&str>,
        parameters: &Parameters,
        caller: &IssuedCredentials,
    ) -> Result<Answer, StsError> {
        match action {
            Some("GetCallerIdentity") => Ok(get_caller_identity(caller)),
            Some("AssumeRole") => self.assume_role(parameters, caller),
            Some(action) => Err(StsError::UnknownAction(action.to_owned())),
            None => Err(StsError::MissingAction),
        }
    }

    fn request_id(&self) -> String {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("00000000-0000-4000-8000-{count:012x}")
    }
}

type Verified = Result<Arc<IssuedCredentials>, super::sigv4::RequestRefusal>;
type Answered = (Result<Answer, StsError>, Outcome);

/// Who the caller is. Nobody can be denied this.
fn get_caller_identity(caller: &IssuedCredentials) -> Answer {
    Answer {
        response_name: "GetCallerIdentityResponse",
        result_name: "GetCallerIdentityResult",
        result: vec![
            ("Account", Node::text(&caller.caller.account)),
            ("Arn", Node::text(&caller.caller.arn)),
            ("UserId", Node::text(&caller.caller.user_id)),
        ],
    }
}

async fn serve(State(api): State<Arc<StsApi>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    // A body that is too long is none that was signed.
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_else(|_| Bytes::from_static(b"too long"));
    let parameters = Parameters::of(&parts.uri, &body);
    let action = parameters.get("Action");
    let verified = verify(&api.verifier, &parts, &body);
    let (result, outcome) = api.answer(action, &parameters, verified);
    let format = Format::wanted(&parts.headers);
    let response = answer::render(result, format, &api.request_id());
    if let Some(on_request) = &api.on_request {
        on_request(&RequestRecord {
            api: Api::Sts,
            method: shown_method(&parts.method),
            path: shown_target(&parts, action),
            status: response.status().as_u16(),
            outcome,
        });
    }
    response
}

/// The path, and the action where it is known: any other may be a secret in the wrong place.
fn shown_target(parts: &Parts, action: Option<&str>) -> String {
    match action {
        Some(action @ ("GetCallerIdentity" | "AssumeRole")) if parts.uri.path() == "/" => {
            format!("/?Action={action}")
        }
        _ => shown_path(&parts.uri),
    }
}
