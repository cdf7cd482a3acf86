//! A request: what it says, and what of it goes on.

use std::str::from_utf8;

use eks_token_gateway::{Caller, Config, Destination, Refusal, Request, RequestLine, is_smuggled};
use wasip2::http::types::{Fields, IncomingRequest, Method};

/// A request that may pass.
pub(crate) struct Passing {
    /// The index of the cluster in the configuration.
    pub(crate) cluster: usize,
    /// Its headers, without what belongs to this hop or could be smuggled in.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

/// Whether a request may pass.
pub(crate) fn admit(config: &Config, request: &IncomingRequest) -> Result<Passing, Refusal> {
    let headers = request.headers().entries();
    let is = |name: &str, known: &str| name.eq_ignore_ascii_case(known);
    let only = |known: &str| {
        let mut values = headers.iter().filter(|(name, _)| is(name, known));
        let (_, value) = values.next().filter(|_| values.next().is_none())?;
        from_utf8(value).ok()
    };
    let (method, path) = (method_name(&request.method()), request.path_with_query());
    let authority = request.authority();
    let question = Request {
        line: RequestLine {
            method: &method,
            path: path.as_deref().unwrap_or("/"),
            upgrade: headers.iter().any(|(name, _)| is(name, "upgrade") || is(name, ":protocol")),
        },
        caller: Caller { authorization: only("authorization"), ..Caller::default() },
        destination: Destination {
            authority: authority.as_deref().or_else(|| only("host")),
            ..Destination::default()
        },
    };
    let cluster = config.admit(&question)?.cluster;
    let headers = headers
        .into_iter()
        .filter(|(name, _)| !is_smuggled(name) && !is_of_this_hop(name))
        .collect();
    Ok(Passing { cluster, headers })
}

pub(crate) fn method_name(method: &Method) -> String {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => name,
    }
    .to_owned()
}

/// The headers of an answer that go back.
pub(crate) fn answer_headers(headers: &Fields) -> Vec<(String, Vec<u8>)> {
    headers.entries().into_iter().filter(|(name, _)| !is_of_this_hop(name)).collect()
}

/// Headers between two neighbours (RFC 9110 section 7.6.1). Hosts refuse them, and say `Host`
/// themselves. There are no upgrades in `wasi:http`, so protocols of a WebSocket mean nothing here.
fn is_of_this_hop(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "connection",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "sec-websocket-protocol",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
