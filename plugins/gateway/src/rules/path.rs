//! A path as the API server reads it.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;

use super::Interactive;

/// A path that a proxy and the server behind it might read differently: an empty, `.` or `..`
/// segment, a slash or a mark that is percent-encoded, a backslash, a control character, or bytes
/// that are no UTF-8. A rule that is checked on one reading and bypassed by another is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmbiguousPath;

/// The decoded segments of a path, without its query.
#[derive(Debug)]
pub struct ApiPath<'a> {
    segments: Vec<Cow<'a, str>>,
}

impl<'a> ApiPath<'a> {
    /// Reads the path of a request, with or without a query.
    ///
    /// # Errors
    /// [`AmbiguousPath`].
    pub fn parse(path: &'a str) -> Result<Self, AmbiguousPath> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let path = path.strip_prefix('/').ok_or(AmbiguousPath)?;
        // A slash at the end means nothing to the API server.
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return Ok(Self { segments: Vec::new() });
        }
        let segments = path.split('/').map(segment).collect::<Result<_, _>>()?;
        Ok(Self { segments })
    }

    /// Its segments, decoded.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &str> {
        self.segments.iter().map(AsRef::as_ref)
    }

    /// The way into a container that the path is, if it is one.
    ///
    /// It goes by the places where kube-apiserver looks for a subresource
    /// (`k8s.io/apiserver/pkg/endpoints/request/requestinfo.go`), with and without a namespace, and
    /// by the obsolete `/api/v1/proxy/…`. What is no path of a resource is none.
    #[must_use]
    pub fn interactive(&self) -> Option<Interactive> {
        let segments: Vec<&str> = self.segments().collect();
        let (["api", _, resource @ ..] | ["apis", _, _, resource @ ..]) = segments.as_slice()
        else {
            return None;
        };
        let resource = match resource {
            ["proxy", ..] => return Some(Interactive::Proxy),
            ["watch", rest @ ..] => rest,
            all => all,
        };
        // A subresource stands behind type and name, which may stand behind a namespace. `status`
        // and `finalize` of a namespace are in the first place, and so might be others.
        let in_namespace = match resource {
            ["namespaces", _namespace, rest @ ..] => subresource(rest),
            _ => None,
        };
        in_namespace.or_else(|| subresource(resource))
    }
}

fn subresource(resource: &[&str]) -> Option<Interactive> {
    match resource {
        [_type, _name, subresource, ..] => Interactive::of_subresource(subresource),
        _ => None,
    }
}

fn segment(raw: &str) -> Result<Cow<'_, str>, AmbiguousPath> {
    if !is_well_encoded(raw) {
        return Err(AmbiguousPath);
    }
    let decoded = percent_decode_str(raw).decode_utf8().map_err(|_| AmbiguousPath)?;
    let is_dotted = matches!(&*decoded, "" | "." | "..");
    // `;` begins the parameters of a segment for some servers, `#` and `?` end it.
    let has_mark =
        decoded.chars().any(|c| matches!(c, '/' | '\\' | '%' | '?' | '#' | ';') || c.is_control());
    if is_dotted || has_mark { Err(AmbiguousPath) } else { Ok(decoded) }
}

/// Whether two hexadecimal digits stand behind each percent sign.
fn is_well_encoded(raw: &str) -> bool {
    raw.split('%').skip(1).all(|part| {
        part.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
