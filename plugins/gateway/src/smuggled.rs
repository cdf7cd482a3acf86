//! What a caller could smuggle in: headers by which an API server takes somebody's word for who is
//! asking.

use alloc::string::String;

/// The entry of `Sec-WebSocket-Protocol` that carries a bearer token
/// (`k8s.io/apiserver/pkg/authentication/request/websocket/protocol.go`).
const BEARER_PROTOCOL: &str = "base64url.bearer.authorization.k8s.io.";

/// Whether a request header must not reach the cluster: it could say who is asking. Names are
/// compared without case.
///
/// - `Authorization`, and `Cookie`, which nothing in a cluster needs;
/// - `Impersonate-User`, `Impersonate-Group`, `Impersonate-Uid`, `Impersonate-Extra-…`
///   (<https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation>);
/// - `X-Remote-User`, `X-Remote-Group`, `X-Remote-Extra-…`, those of an authenticating proxy (same
///   page), also under names that some servers read as theirs because `_` is `-` to them.
#[must_use]
pub fn is_smuggled(name: &str) -> bool {
    const NAMES: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];
    const PREFIXES: [&str; 2] = ["impersonate-", "x-remote-"];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || PREFIXES.iter().any(|prefix| begins_with(name, prefix))
}

/// The value of `Sec-WebSocket-Protocol` without bearer tokens: `None` where nothing else is in it.
#[must_use]
pub fn without_smuggled_protocols(value: &str) -> Option<String> {
    let mut kept = String::with_capacity(value.len());
    for protocol in value.split(',').map(str::trim) {
        if protocol.is_empty() || begins_with(protocol, BEARER_PROTOCOL) {
            continue;
        }
        if !kept.is_empty() {
            kept.push_str(", ");
        }
        kept.push_str(protocol);
    }
    (!kept.is_empty()).then_some(kept)
}

/// Whether `text` begins with `prefix`, whatever the case, and with `_` for `-`.
fn begins_with(text: &str, prefix: &str) -> bool {
    let same = |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || (*a == b'_' && *b == b'-');
    text.len() >= prefix.len() && text.as_bytes().iter().zip(prefix.as_bytes()).all(same)
}
