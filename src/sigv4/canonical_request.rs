//! Step 1: the request in a form that both sides can agree on, byte for byte.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request>

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use sha2::{Digest, Sha256};

use super::encode::{encode, encode_path};
use super::presign::Presigning;
use super::signature::HexDigest;
use crate::text::concat;

/// An HTTP request as it is given to the signer: nothing in it is encoded yet.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path, decoded, from its first slash on.
    pub path: &'a str,
    /// Whether dot segments are taken out of the path.
    pub path_style: PathStyle,
    /// Query parameters, decoded, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// Every header that is to be signed, in any case and order.
    pub headers: &'a [(&'a str, &'a str)],
    /// SHA-256 of the body.
    pub payload: &'a PayloadHash,
}

/// Whether the path is normalised (RFC 3986 section 6) before it is signed. S3 does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// `.` and `..` are resolved, repeated slashes become one.
    Normalized,
    /// The path is signed as it stands.
    AsIs,
}

/// SHA-256 of a request's body in lower-case hex: the last line of the canonical request.
#[derive(Debug, Clone, Copy)]
pub struct PayloadHash(HexDigest);

impl PayloadHash {
    /// Of no body at all. A token is always signed with this one, never with `UNSIGNED-PAYLOAD`.
    pub const EMPTY: Self = Self(HexDigest::known(
        *b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ));

    /// Of these bytes.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(HexDigest::of(&Sha256::digest(body).into()))
    }
}

/// The canonical request. Its query is the very text that the presigned URL will show.
pub struct CanonicalRequest {
    wire: String,
    query: Range<usize>,
}

impl CanonicalRequest {
    /// Writes the canonical form of `request`, with the `X-Amz-…` parameters of `presigning`.
    #[must_use]
    pub fn new(request: &Request<'_>, presigning: &Presigning<'_>) -> Self {
        let headers = canonical_headers(request.headers);
        let signed_headers = signed_headers(&headers);
        let path = match request.path_style {
            PathStyle::AsIs => encode_path(request.path).into_owned(),
            PathStyle::Normalized => encode_path(&normalized(request.path)).into_owned(),
        };
        let query = canonical_query(request.query, presigning, &signed_headers);

        let start = request.method.len() + path.len() + 2;
        let wire = concat(&[
            request.method,
            "\n",
            &path,
            "\n",
            &query,
            "\n",
            &header_lines(&headers),
            "\n",
            &signed_headers,
            "\n",
            request.payload.0.as_str(),
        ]);
        Self { wire, query: start..start + query.len() }
    }

    /// The canonical query: every parameter but the signature, encoded and sorted.
    #[must_use]
    pub fn query(&self) -> &str {
        // The range was counted from this very text.
        self.wire.get(self.query.clone()).unwrap_or_default()
    }

    /// SHA-256 of the wire form.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.wire.as_bytes()).into()
    }
}

impl fmt::Display for CanonicalRequest {
    /// The wire form. It holds the session token, where there is one: a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire)
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CanonicalRequest([redacted])")
    }
}

/// Every parameter encoded, then sorted by name and value.
fn canonical_query(
    query: &[(&str, &str)],
    presigning: &Presigning<'_>,
    signed_headers: &str,
) -> String {
    let (credential, expires) = (presigning.credential(), presigning.expires());
    let presigning = presigning.parameters(&credential, &expires, signed_headers);
    let mut sorted = Vec::with_capacity(query.len() + presigning.len());
    for (name, value) in query.iter().chain(presigning.iter().flatten()) {
        insert(&mut sorted, encode(name), encode(value));
    }
    let mut parts = Vec::with_capacity(4 * sorted.len());
    for (name, value) in &sorted {
        parts.extend(["&", name, "=", value]);
    }
    // Behind the first separator.
    concat(parts.get(1..).unwrap_or_default())
}

fn header_lines(headers: &[(String, String)]) -> String {
    let mut parts = Vec::with_capacity(4 * headers.len());
    for (name, value) in headers {
        parts.extend([name, ":", value, "\n"]);
    }
    concat(&parts)
}

fn signed_headers(headers: &[(String, String)]) -> String {
    let mut parts = Vec::with_capacity(2 * headers.len());
    for (name, _) in headers {
        parts.extend([";", name]);
    }
    concat(parts.get(1..).unwrap_or_default())
}

/// Lower-case names, folded values, sorted by name; several values of one name joined by commas.
fn canonical_headers(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut canonical: Vec<(String, String)> = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        let value = folded(value);
        match canonical.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.extend([",", &value]),
            None => insert(&mut canonical, name, value),
        }
    }
    canonical
}

/// Outer blanks go, inner runs of blanks become one.
fn folded(value: &str) -> String {
    let mut parts = Vec::with_capacity(2);
    for word in value.split_ascii_whitespace() {
        parts.extend([" ", word]);
    }
    concat(parts.get(1..).unwrap_or_default())
}

/// Keeps the pairs sorted. There are a handful of them, and the standard library's sorts would be
/// a tenth of the component's size.
fn insert<T: Ord>(sorted: &mut Vec<(T, T)>, name: T, value: T) {
    let pair = (name, value);
    // From the end: they mostly come in order.
    let at = sorted.iter().rposition(|known| *known <= pair).map_or(0, |before| before + 1);
    sorted.insert(at, pair);
}

/// The path without dot segments and repeated slashes; a slash at its end stays.
fn normalized(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    let ends_in_directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    let mut normalized = String::with_capacity(path.len() + 1);
    for segment in &segments {
        normalized.extend(["/", segment]);
    }
    if segments.is_empty() || ends_in_directory {
        normalized.push('/');
    }
    normalized
}
