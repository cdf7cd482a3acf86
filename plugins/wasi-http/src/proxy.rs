//! One request: in, out with a token, and back.

use std::cell::OnceCell;

use eks_token_gateway::config::Platform;
use eks_token_gateway::{Config, Refusal, Unavailable};
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

use crate::forward::{self, Answer, Failure};
use crate::{request, settings, tokens};

/// The variable, or the key of the store, with the configuration.
const CONFIG: &str = "EKS_TOKEN_CONFIG";

thread_local! {
    static CONFIGURATION: OnceCell<Option<Config>> = const { OnceCell::new() };
}

pub(crate) fn handle(incoming: &IncomingRequest, outparam: ResponseOutparam) {
    match CONFIGURATION.with(|config| ask(config.get_or_init(configuration).as_ref(), incoming)) {
        Ok(answer) => forward::answer(&answer, outparam),
        Err(refusal) => refuse(refusal, outparam),
    }
}

/// Where it has a mistake, the log says which, and nothing passes.
fn configuration() -> Option<Config> {
    let text = settings::value(CONFIG).unwrap_or_default();
    Config::parse(text.as_bytes(), Platform::WasiHttp)
        .inspect_err(|error| eprintln!("eks-token: {CONFIG}: {error}"))
        .ok()
}

fn ask(config: Option<&Config>, incoming: &IncomingRequest) -> Result<Answer, Refusal> {
    let config = config.ok_or(Refusal::Unavailable(Unavailable::NotYet))?;
    let passing = request::admit(config, incoming)?;
    let entry = config.clusters.get(passing.cluster).ok_or(Refusal::NoCluster)?;
    let authorization = tokens::authorization(&config.credentials, passing.cluster, entry)?;
    let server = entry.server.as_ref().ok_or(Refusal::NoCluster)?;
    let mut headers = passing.headers;
    headers.push(("authorization".to_owned(), authorization.into_bytes()));
    forward::send(incoming, &headers, server.authority()).map_err(|failure| match failure {
        Failure::Unframed => Refusal::UnframedBody,
        Failure::Incomplete => Refusal::IncompleteBody,
        Failure::Cluster(reason) => {
            eprintln!("eks-token: the cluster does not answer: {reason}");
            Refusal::Unreachable
        }
    })
}

fn refuse(refusal: Refusal, outparam: ResponseOutparam) {
    let body = refusal.to_json();
    let headers = Fields::new();
    // Both are well-formed, and neither is one that hosts refuse.
    let _ = headers.append("content-type", b"application/json");
    let _ = headers.append("content-length", body.len().to_string().as_bytes());
    let response = OutgoingResponse::new(headers);
    let _ = response.set_status_code(refusal.status());
    let Ok(outgoing) = response.body() else { return };
    ResponseOutparam::set(outparam, Ok(response));
    if let Ok(stream) = outgoing.write() {
        // The caller may be gone.
        let _ = stream.blocking_write_and_flush(body.as_bytes());
    }
    let _ = OutgoingBody::finish(outgoing, None);
}
