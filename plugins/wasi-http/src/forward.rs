//! Sends a request on, and its answer back. Bodies are handed on as they come, never gathered.

use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, IncomingResponse, OutgoingBody, OutgoingRequest,
    OutgoingResponse, RequestOptions, ResponseOutparam, Scheme,
};
use wasip2::io::streams::StreamError;

use crate::request;

/// How much is handed on at once, in bytes.
const PIECE: u64 = 64 * 1024;
/// Nanoseconds to connect. There is no limit to the silence after that: watches are silent for long.
const CONNECT_TIMEOUT: u64 = 10_000_000_000;

/// The answer's status and headers; its body is still to come. The error says what is wrong, without
/// anything of the request.
pub(crate) fn send(
    incoming: &IncomingRequest,
    headers: &[(String, Vec<u8>)],
    authority: &str,
) -> Result<IncomingResponse, String> {
    let headers = Fields::from_list(headers).map_err(|_| "the host refuses a header")?;
    let outgoing = OutgoingRequest::new(headers);
    let is_set = outgoing
        .set_method(&incoming.method())
        .and_then(|()| outgoing.set_scheme(Some(&Scheme::Https)))
        .and_then(|()| outgoing.set_authority(Some(authority)))
        .and_then(|()| outgoing.set_path_with_query(incoming.path_with_query().as_deref()));
    is_set.map_err(|()| "the host refuses the request line")?;
    let options = RequestOptions::new();
    // A host that has no such limit has its own.
    let _ = options.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let body = outgoing.body().map_err(|()| "the request has no body")?;
    let answer =
        outgoing_handler::handle(outgoing, Some(options)).map_err(|error| format!("{error:?}"))?;
    if let Ok(from) = incoming.consume() {
        // A server that has answered early may have stopped reading.
        let _ = hand_on(&from, &body);
    }
    OutgoingBody::finish(body, None).map_err(|error| format!("{error:?}"))?;
    answer.subscribe().block();
    match answer.get() {
        Some(Ok(answer)) => answer.map_err(|error| format!("{error:?}")),
        _ => Err("there is no answer".to_owned()),
    }
}

/// Sends an answer back.
pub(crate) fn answer(answer: &IncomingResponse, outparam: ResponseOutparam) {
    let headers = Fields::from_list(&request::answer_headers(&answer.headers()));
    let response = OutgoingResponse::new(headers.unwrap_or_else(|_| Fields::new()));
    let _ = response.set_status_code(answer.status());
    let Ok(to) = response.body() else { return };
    ResponseOutparam::set(outparam, Ok(response));
    let is_whole = match answer.consume() {
        Ok(from) => hand_on(&from, &to).is_ok(),
        Err(()) => true,
    };
    // One that broke off must not look whole: without an end the host breaks it off, too.
    if is_whole {
        let _ = OutgoingBody::finish(to, None);
    }
}

/// Hands a body on until its end.
fn hand_on(from: &IncomingBody, to: &OutgoingBody) -> Result<(), ()> {
    let (source, sink) = (from.stream()?, to.write()?);
    loop {
        match sink.blocking_splice(&source, PIECE) {
            // What there is goes out at once: an event of a watch waits for no other.
            Ok(_) => sink.blocking_flush().map_err(|_| ())?,
            Err(StreamError::Closed) => return Ok(()),
            Err(StreamError::LastOperationFailed(_)) => return Err(()),
        }
    }
}
