//! Which headers pass.

use eks_token_gateway::{is_smuggled, without_smuggled_protocols};
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHENTICATE, SEC_WEBSOCKET_PROTOCOL, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const UPGRADE_TOKEN: HeaderValue = HeaderValue::from_static("upgrade");

/// The headers of a request as the cluster gets them: without what could say who is asking, what
/// concerns the caller's connection alone, and what says where the caller is. `Content-Length` is
/// written anew from the body, so that there is one reading of where it ends.
pub(super) fn for_cluster(theirs: &HeaderMap, is_upgrade: bool) -> HeaderMap {
    // Room for `Host` and `Authorization`.
    let mut ours = HeaderMap::with_capacity(theirs.len() + 2);
    let named = NamedByConnection::of(theirs);
    for (name, value) in theirs {
        if is_for_proxy(name) || is_smuggled(name.as_str()) || named.contains(name) {
            continue;
        }
        if name == SEC_WEBSOCKET_PROTOCOL {
            if let Some(protocols) = without_bearer(value) {
                ours.append(name, protocols);
            }
            continue;
        }
        ours.append(name, value.clone());
    }
    if is_upgrade {
        pass_upgrade(theirs, &mut ours);
    }
    ours
}

/// Takes out of the headers of an answer what concerns the cluster's connection alone.
pub(super) fn for_caller(headers: &mut HeaderMap, is_upgrade: bool) {
    let named = NamedByConnection::of(headers);
    let upgrade = is_upgrade.then(|| headers.get(UPGRADE).cloned()).flatten();
    for name in named.0 {
        headers.remove(name);
    }
    for name in [
        CONNECTION,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        PROXY_AUTHENTICATE,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ] {
        headers.remove(name);
    }
    if let Some(upgrade) = upgrade {
        headers.insert(UPGRADE, upgrade);
        headers.insert(CONNECTION, UPGRADE_TOKEN);
    }
}

/// Whether a request asks for another protocol on its connection. HTTP/2 does not count: clients that
/// could speak it (Java's, curl's) offer it in each request, and go on with HTTP/1.1 where nobody
/// takes it up.
pub(super) fn asks_for_upgrade(headers: &HeaderMap) -> bool {
    headers
        .get_all(UPGRADE)
        .iter()
        .any(|protocol| !protocol.as_bytes().eq_ignore_ascii_case(b"h2c"))
}

fn pass_upgrade(from: &HeaderMap, to: &mut HeaderMap) {
    for protocol in from.get_all(UPGRADE) {
        to.append(UPGRADE, protocol.clone());
    }
    to.insert(CONNECTION, UPGRADE_TOKEN);
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>
fn is_for_proxy(name: &HeaderName) -> bool {
    *name == HOST
        || *name == CONNECTION
        || *name == KEEP_ALIVE
        || *name == PROXY_CONNECTION
        || *name == TE
        || *name == TRAILER
        || *name == TRANSFER_ENCODING
        || *name == UPGRADE
        || *name == CONTENT_LENGTH
        // The proxy itself has said 100 (Continue) before the body came.
        || *name == EXPECT
        || *name == FORWARDED
        || name.as_str().starts_with("x-forwarded-")
        || name.as_str() == "x-real-ip"
}

fn without_bearer(value: &HeaderValue) -> Option<HeaderValue> {
    let kept = without_smuggled_protocols(value.to_str().ok()?)?;
    HeaderValue::try_from(kept).ok()
}

/// What a header `Connection` names beside the usual.
struct NamedByConnection(Vec<HeaderName>);

impl NamedByConnection {
    fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        let is_usual = |name: &&str| {
            ["", "keep-alive", "close", "upgrade"]
                .iter()
                .any(|usual| usual.eq_ignore_ascii_case(name))
        };
        let names = values.flat_map(|value| value.split(',').map(str::trim));
        Self(names.filter(|name| !is_usual(name)).filter_map(|name| name.parse().ok()).collect())
    }

    fn contains(&self, name: &HeaderName) -> bool {
        !self.0.is_empty() && self.0.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        list.iter().map(pair).collect()
    }

    #[test]
    fn nothing_that_says_who_is_asking_arrives() {
        let theirs = headers(&[
            ("accept", "application/json"),
            ("authorization", "Bearer theirs"),
            ("cookie", "a=b"),
            ("impersonate-user", "admin"),
            ("impersonate-extra-scopes", "a"),
            ("x-remote-user", "admin"),
            ("x-remote_group", "system:masters"),
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "for=10.0.0.1"),
            ("host", "127.0.0.1:8001"),
            ("connection", "keep-alive, X-Mine"),
            ("x-mine", "1"),
            ("transfer-encoding", "chunked"),
            ("content-length", "3"),
            ("upgrade", "websocket"),
            ("expect", "100-continue"),
            (
                "sec-websocket-protocol",
                "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.YQ",
            ),
        ]);
        let expected =
            [("accept", "application/json"), ("sec-websocket-protocol", "v5.channel.k8s.io")];
        assert_eq!(for_cluster(&theirs, false), headers(&expected));
        let upgraded = for_cluster(&theirs, true);
        assert_eq!(upgraded.get(UPGRADE).expect("it is there"), "websocket");
        assert_eq!(upgraded.get(CONNECTION).expect("it is there"), "upgrade");
    }

    #[test]
    fn http2_that_is_offered_is_no_upgrade() {
        assert!(asks_for_upgrade(&headers(&[("upgrade", "websocket")])));
        assert!(asks_for_upgrade(&headers(&[("upgrade", "h2c"), ("upgrade", "SPDY/3.1")])));
        let offered = headers(&[
            ("connection", "Upgrade, HTTP2-Settings"),
            ("upgrade", "h2c"),
            ("http2-settings", "AAMAAABkAAQCAAAAAAIAAAAA"),
        ]);
        assert!(!asks_for_upgrade(&offered));
        assert_eq!(for_cluster(&offered, false), HeaderMap::new());
    }

    #[test]
    fn an_answer_keeps_what_is_the_callers() {
        let mut answer = headers(&[
            ("content-type", "application/json"),
            ("audit-id", "1"),
            ("connection", "x-hop"),
            ("x-hop", "1"),
            ("transfer-encoding", "chunked"),
            ("content-length", "3"),
        ]);
        for_caller(&mut answer, false);
        let expected =
            [("content-type", "application/json"), ("audit-id", "1"), ("content-length", "3")];
        assert_eq!(answer, headers(&expected));
    }
}
