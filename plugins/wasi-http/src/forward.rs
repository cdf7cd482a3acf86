//! Sends a request on, and its answer back.

use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    ErrorCode, Fields, IncomingRequest, IncomingResponse, Method, OutgoingBody, OutgoingRequest,
    OutgoingResponse, RequestOptions, ResponseOutparam, Scheme,
};
use wasip2::io::streams::InputStream;

use crate::body::{End, hand_on, is_empty};
use crate::request;

/// Nanoseconds of silence within an answer: watches are silent for long, and API servers end each
/// within an hour. Hosts that are not told allow ten minutes.
const SILENCE: u64 = 3_600_000_000_000;

/// A cluster's answer, of which the body is still to come.
pub(crate) struct Answer {
    response: IncomingResponse,
    /// The body of a request that was answered before its end. To let go of it breaks off the
    /// connection that the answer comes on.
    _unfinished: Option<OutgoingBody>,
}

/// Why there is no answer.
pub(crate) enum Failure {
    /// A body where none belongs.
    Unframed,
    /// The caller broke off within the body.
    Incomplete,
    /// What the host says of the cluster, without anything of the request.
    Cluster(String),
}

/// Sends a request on, and waits for status and headers.
pub(crate) fn send(
    incoming: &IncomingRequest,
    headers: &[(String, Vec<u8>)],
    authority: &str,
) -> Result<Answer, Failure> {
    let outgoing = outgoing_request(incoming, headers, authority)?;
    let from = incoming.consume().map_err(|()| cluster("the request has no body"))?;
    let source = from.stream().map_err(|()| cluster("the request has no body"))?;
    refuse_unframed(&incoming.method(), headers, &source)?;
    let body = outgoing.body().map_err(|()| cluster("the request has no body"))?;
    let sink = body.write().map_err(|()| cluster("the request has no body"))?;
    let options = RequestOptions::new();
    // A host that has no such limit needs none.
    let _ = options.set_between_bytes_timeout(Some(SILENCE));
    let answer = outgoing_handler::handle(outgoing, Some(options))?;
    let arrived = answer.subscribe();
    let end = hand_on(&source, &sink, Some(&arrived));
    drop(sink);
    let unfinished = match end {
        End::Whole => {
            OutgoingBody::finish(body, None)?;
            None
        }
        // What is cut off must not look whole: it goes without an end.
        End::SourceBroke => return Err(Failure::Incomplete),
        // A server that has answered, or is about to, may have stopped reading.
        End::SinkBroke | End::Stopped => Some(body),
    };
    arrived.block();
    drop(arrived);
    match answer.get() {
        Some(Ok(Ok(response))) => Ok(Answer { response, _unfinished: unfinished }),
        Some(Ok(Err(error))) => Err(error.into()),
        _ => Err(cluster("there is no answer")),
    }
}

/// Sends an answer back.
pub(crate) fn answer(answer: &Answer, outparam: ResponseOutparam) {
    let answer = &answer.response;
    let headers = Fields::from_list(&request::answer_headers(&answer.headers()));
    let response = OutgoingResponse::new(headers.unwrap_or_else(|_| Fields::new()));
    let _ = response.set_status_code(answer.status());
    let Ok(body) = response.body() else { return };
    ResponseOutparam::set(outparam, Ok(response));
    let Ok(from) = answer.consume() else { return };
    let (Ok(source), Ok(sink)) = (from.stream(), body.write()) else { return };
    let end = hand_on(&source, &sink, None);
    drop(sink);
    // What is cut off must not look whole: it goes without an end.
    if matches!(end, End::Whole) {
        // An answer to HEAD names a length and has none.
        let _ = OutgoingBody::finish(body, None);
    }
}

fn outgoing_request(
    incoming: &IncomingRequest,
    headers: &[(String, Vec<u8>)],
    authority: &str,
) -> Result<OutgoingRequest, Failure> {
    let headers = Fields::from_list(headers).map_err(|_| cluster("the host refuses a header"))?;
    let outgoing = OutgoingRequest::new(headers);
    let is_set = outgoing
        .set_method(&incoming.method())
        .and_then(|()| outgoing.set_scheme(Some(&Scheme::Https)))
        .and_then(|()| outgoing.set_authority(Some(authority)))
        .and_then(|()| outgoing.set_path_with_query(incoming.path_with_query().as_deref()));
    is_set.map_err(|()| cluster("the host refuses the request line"))?;
    Ok(outgoing)
}

/// Refuses a body without a length where the method needs none. Node sends such a body without a
/// frame: the cluster would read it as a further request, which no rule has seen. `hyper` drops it.
fn refuse_unframed(
    method: &Method,
    headers: &[(String, Vec<u8>)],
    source: &InputStream,
) -> Result<(), Failure> {
    let has_body = matches!(method, Method::Post | Method::Put | Method::Patch);
    let has_length = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    if has_body || has_length || is_empty(source) { Ok(()) } else { Err(Failure::Unframed) }
}

fn cluster(text: &str) -> Failure {
    Failure::Cluster(text.to_owned())
}

impl From<ErrorCode> for Failure {
    fn from(error: ErrorCode) -> Self {
        Self::Cluster(format!("{error:?}"))
    }
}
