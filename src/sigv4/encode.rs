//! Percent-encoding as SigV4 wants it: RFC 3986 unreserved characters stay, all others become
//! `%XX` in upper case.

use alloc::borrow::Cow;
use alloc::string::String;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but letters, digits, `-`, `.`, `_`, `~` (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same for a path, whose slashes separate.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// A name or value of the query.
pub(super) fn encode(text: &str) -> Cow<'_, str> {
    encode_with(text, RESERVED)
}

/// A path: its slashes stay.
pub(super) fn encode_path(path: &str) -> Cow<'_, str> {
    encode_with(path, RESERVED_IN_PATH)
}

/// Most texts need no encoding and are lent. The others get room for base64, of which a few
/// characters in a hundred become three: growing would move a session token about.
fn encode_with<'a>(text: &'a str, reserved: &'static AsciiSet) -> Cow<'a, str> {
    let mut pieces = utf8_percent_encode(text, reserved);
    let first = pieces.next().unwrap_or_default();
    // `%XX` is as long as a text of three bytes; what is lent is one piece besides.
    if first.len() == text.len() && pieces.clone().next().is_none() {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + text.len() / 4 + 16);
    encoded.push_str(first);
    encoded.extend(pieces);
    Cow::Owned(encoded)
}
