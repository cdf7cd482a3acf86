//! Go's `url.Parse`, as far as its answer matters to a server (Go 1.26, `net/url/url.go`).
//!
//! Userinfo, port and fragment are legal there. What follows from them: userinfo is not part of
//! the host and passes every check (STS then sees Basic authentication: a finding); a port is part
//! of the host, which then is no STS host; a fragment is cut off and never sent.

use alloc::string::String;
use alloc::vec::Vec;

/// The parts of a URL that the checks look at.
#[derive(Clone)]
pub(crate) struct Url {
    /// In lower case; empty where there is none.
    pub(crate) scheme: String,
    pub(crate) has_userinfo: bool,
    /// Host and port, percent-decoded, in its own case.
    pub(crate) host: Vec<u8>,
    /// Percent-decoded.
    pub(crate) path: Vec<u8>,
    /// Behind the first `?`, as it stands.
    pub(crate) raw_query: Vec<u8>,
}

impl Url {
    /// `None` where Go's parser fails.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let (text, fragment) = cut(text, b'#').unwrap_or((text, b""));
        if text.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
            return None;
        }
        unescape(fragment, Component::Fragment)?;
        let (scheme, rest) = split_scheme(text)?;
        let (rest, raw_query) = cut(rest, b'?').unwrap_or((rest, b""));
        let mut url = Self {
            scheme,
            has_userinfo: false,
            host: Vec::new(),
            path: Vec::new(),
            raw_query: raw_query.to_vec(),
        };
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                // Opaque, as in mailto:someone. It has neither host nor path.
                return Some(url);
            }
            // Else `cache_object:foo/bar` would be a path.
            if rest.split(|byte| *byte == b'/').next()?.contains(&b':') {
                return None;
            }
        }
        let mut path = rest;
        let has_authority = !url.scheme.is_empty() || !rest.starts_with(b"///");
        if has_authority && let Some(rest) = rest.strip_prefix(b"//") {
            let end = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let (authority, rest) = rest.split_at_checked(end)?;
            (url.has_userinfo, url.host) = parse_authority(&url.scheme, authority)?;
            path = rest;
        }
        url.path = unescape(path, Component::Path)?;
        Some(url)
    }
}

/// Splits at the first `separator`, which belongs to neither half.
pub(super) fn cut(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| *byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The scheme in lower case, empty where there is none, and what follows its colon. `None` for a
/// text that begins with a colon.
fn split_scheme(text: &[u8]) -> Option<(String, &[u8])> {
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return None,
            b':' => {
                let scheme = text.get(..index)?.to_ascii_lowercase();
                return Some((String::from_utf8(scheme).ok()?, text.get(index + 1..)?));
            }
            _ => break,
        }
    }
    Some((String::new(), text))
}

/// Whether there is userinfo, and the host with its port.
fn parse_authority(scheme: &str, authority: &[u8]) -> Option<(bool, Vec<u8>)> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Some((false, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, authority.get(at + 1..)?)?;
    let userinfo = authority.get(..at)?;
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !userinfo.iter().all(is_valid) {
        return None;
    }
    unescape(userinfo, Component::Userinfo)?;
    Some((true, host))
}

/// What stands in brackets is not looked at further: no STS host begins with one. With http and
/// https alone must the port's colon be the only one.
fn parse_host(scheme: &str, host: &[u8]) -> Option<Vec<u8>> {
    let port = match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => {
            let close = host.iter().rposition(|byte| *byte == b']')?;
            host.get(close + 1..)?
        }
        Some(_) => return None,
        None => {
            let mut colons = host.iter().enumerate().filter(|(_, byte)| **byte == b':');
            let colon =
                if matches!(scheme, "http" | "https") { colons.next() } else { colons.next_back() };
            colon.map_or(&b""[..], |(at, _)| host.get(at..).unwrap_or_default())
        }
    };
    match port {
        [] => {}
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {}
        _ => return None,
    }
    unescape(host, Component::Host)
}

/// The parts of a URL, which differ in what may be escaped and what must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    Userinfo,
    Host,
    Path,
    Query,
    Fragment,
}

/// Percent-decodes. `None` at a `%` without two hex digits, and in a host where a byte is escaped
/// that need not be, or is not escaped that must be. In a query `+` means a blank.
pub(super) fn unescape(text: &[u8], component: Component) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'%' => {
                let [high, low, after @ ..] = after else { return None };
                rest = after;
                let byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
                // An escaped percent sign passes, for the zones of IPv6 literals.
                if component == Component::Host && byte < 0x80 && byte != b'%' {
                    return None;
                }
                out.push(byte);
            }
            b'+' if component == Component::Query => out.push(b' '),
            byte if component == Component::Host && !may_stand_in_host(*byte) => return None,
            byte => out.push(*byte),
        }
    }
    Some(out)
}

fn hex_digit(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

const fn may_stand_in_host(byte: u8) -> bool {
    !byte.is_ascii()
        || byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_'
                | b'.'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'['
                | b']'
                | b'<'
                | b'>'
                | b'"'
        )
}
