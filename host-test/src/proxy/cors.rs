//! What browsers ask for before they let a page of an allowed origin send a request, or see its
//! answer.
//!
//! <https://fetch.spec.whatwg.org/#http-cors-protocol>

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, VARY,
};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use super::body::Body;

/// The method that a browser asks leave for, on behalf of a page.
pub(super) fn preflight(head: &Parts) -> Option<&str> {
    let method = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    (head.method == Method::OPTIONS).then(|| method.to_str().ok()).flatten()
}

/// Leave for what was asked, once the rules allow it. What the headers may say is no matter: those
/// that could do harm never arrive.
pub(super) fn leave(head: &Parts) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    for (asked, allowed) in [
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ] {
        if let Some(value) = head.headers.get(asked) {
            answer.headers_mut().insert(allowed, value.clone());
        }
    }
    answer
}

/// Lets the page see the answer.
pub(super) fn show(headers: &mut HeaderMap, page: &HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, page.clone());
    headers.append(VARY, HeaderValue::from_static("Origin"));
}
