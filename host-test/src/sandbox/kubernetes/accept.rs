//! Content negotiation: objects or a table, both as JSON.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables>

use http::HeaderMap;
use http::header::ACCEPT;

use super::status::Status;

/// In which form to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the object itself.
    Object,
    /// As a `Table` of this `apiVersion`.
    Table { api_version: &'static str },
}

/// What the caller would like best of what can be had.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<Form, Status> {
    let Some(accept) = headers.get(ACCEPT) else { return Ok(Form::Object) };
    let accept = accept.to_str().map_err(|_| Status::not_acceptable())?;
    let mut ranges: Vec<MediaRange<'_>> = accept.split(',').map(MediaRange::parse).collect();
    // Stable: of equal weight, the first goes first.
    ranges.sort_by_key(|range| std::cmp::Reverse(range.weight));
    ranges
        .iter()
        .filter(|range| range.weight > 0)
        .find_map(MediaRange::form)
        .ok_or_else(Status::not_acceptable)
}

/// The same where there are no tables.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), Status> {
    let plain = |range: &str| MediaRange::parse(range).form() == Some(Form::Object);
    match headers.get(ACCEPT).map(|accept| accept.to_str()) {
        None => Ok(()),
        Some(Ok(accept)) if accept.split(',').any(plain) => Ok(()),
        Some(_) => Err(Status::not_acceptable()),
    }
}

/// One alternative of the header `accept`.
struct MediaRange<'a> {
    media_type: &'a str,
    /// The parameters `as`, `v` and `g`; empty where absent.
    form: [&'a str; 3],
    /// The parameter `q`, in thousandths.
    weight: u16,
}

impl<'a> MediaRange<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let mut range = Self { media_type, form: [""; 3], weight: 1000 };
        let [kind, version, group] = &mut range.form;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name {
                "as" => *kind = value,
                "v" => *version = value,
                "g" => *group = value,
                "q" => range.weight = weight(value),
                _ => {}
            }
        }
        range
    }

    fn form(&self) -> Option<Form> {
        if !matches!(self.media_type, "application/json" | "application/*" | "*/*") {
            return None;
        }
        match self.form {
            ["", ..] => Some(Form::Object),
            ["Table", "v1", "meta.k8s.io"] => Some(Form::Table { api_version: "meta.k8s.io/v1" }),
            ["Table", "v1beta1", "meta.k8s.io"] => {
                Some(Form::Table { api_version: "meta.k8s.io/v1beta1" })
            }
            _ => None,
        }
    }
}

/// At most three decimals (RFC 9110 section 12.4.2). What is none counts as zero.
fn weight(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{decimals:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::{ACCEPT, HeaderValue};

    use super::{Form, negotiate};

    fn form(accept: &'static str) -> Option<Form> {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
        negotiate(&headers).ok()
    }

    #[test]
    fn the_first_that_can_be_had_is_taken() {
        let table = Form::Table { api_version: "meta.k8s.io/v1" };
        assert_eq!(form("application/json;as=Table;v=v1;g=meta.k8s.io,*/*"), Some(table));
        assert_eq!(
            form("application/vnd.kubernetes.protobuf,application/json"),
            Some(Form::Object)
        );
        assert_eq!(form("application/json; as=Table; v=v2; g=meta.k8s.io"), None);
        assert_eq!(form("application/vnd.kubernetes.protobuf"), None);
        assert_eq!(
            form("application/json;q=0.5, application/json;as=Table;v=v1;g=meta.k8s.io;q=0.9"),
            Some(table)
        );
        assert_eq!(form("application/json;q=0"), None);
    }
}
