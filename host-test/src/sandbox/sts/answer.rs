//! Answers of the AWS Query protocol: XML, or JSON for those who accept it.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

use aws_smithy_xml::encode::{ScopeWriter, XmlWriter};
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::error::StsError;
use crate::SigningTime;

/// Of the version 2011-06-15.
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// What an action came to.
pub(super) struct Answer {
    /// `…Response`
    pub(super) response_name: &'static str,
    /// `…Result`
    pub(super) result_name: &'static str,
    pub(super) result: Fields,
}

/// Names and values.
pub(super) type Fields = Vec<(&'static str, Node)>;

/// A value.
pub(super) enum Node {
    Text(String),
    /// Unix seconds: ISO 8601 in XML, a number in JSON.
    Time(SigningTime),
    Fields(Fields),
}

impl Node {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// In which form to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Xml,
    Json,
}

impl Format {
    /// JSON is for those who ask for it by name.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let is_json = accept.is_some_and(|accept| accept.contains("application/json"));
        if is_json { Self::Json } else { Self::Xml }
    }
}

/// The whole answer.
pub(super) fn render(
    result: Result<Answer, StsError>,
    format: Format,
    request_id: &str,
) -> Response {
    let request_id_field = ("RequestId", Node::text(request_id));
    let (status, root, fields) = match result {
        Ok(answer) => {
            let result = (answer.result_name, Node::Fields(answer.result));
            let metadata = ("ResponseMetadata", Node::Fields(vec![request_id_field]));
            (StatusCode::OK, answer.response_name, vec![result, metadata])
        }
        Err(error) => {
            let fields = ("Error", Node::Fields(error_fields(&error)));
            (error.status(), "ErrorResponse", vec![fields, request_id_field])
        }
    };
    let (media_type, body) = match format {
        Format::Xml => ("text/xml", xml(root, &fields)),
        // An error has no name around it.
        Format::Json if status.is_success() => {
            ("application/json", json!({ root: json(&fields) }).to_string())
        }
        Format::Json => ("application/json", json(&fields).to_string()),
    };
    let headers = [(CONTENT_TYPE.as_str(), media_type), ("x-amzn-requestid", request_id)];
    (status, headers, body).into_response()
}

fn error_fields(error: &StsError) -> Fields {
    vec![
        ("Type", Node::text(error.fault())),
        ("Code", Node::text(error.code())),
        ("Message", Node::Text(error.message())),
    ]
}

fn xml(root: &str, fields: &Fields) -> String {
    let mut document = String::new();
    let mut writer = XmlWriter::new(&mut document);
    let mut scope = writer.start_el(root).write_ns(NAMESPACE, None).finish();
    write(&mut scope, fields);
    scope.finish();
    document
}

fn write(scope: &mut ScopeWriter<'_, '_>, fields: &Fields) {
    for (name, node) in fields {
        let mut inner = scope.start_el(name).finish();
        match node {
            Node::Text(text) => inner.data(text),
            Node::Time(time) => inner.data(&time.rfc3339().to_string()),
            Node::Fields(fields) => write(&mut inner, fields),
        }
        inner.finish();
    }
}

fn json(fields: &Fields) -> Value {
    let value = |node: &Node| match node {
        Node::Text(text) => json!(text),
        Node::Time(time) => json!(time.unix_seconds()),
        Node::Fields(fields) => json(fields),
    };
    let pairs = fields.iter().map(|(name, node)| ((*name).to_owned(), value(node)));
    Value::Object(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::{Node, json, xml};
    use crate::SigningTime;

    #[test]
    fn both_forms_hold_the_same() {
        let time = SigningTime::from_unix_seconds(1_700_000_000).expect("a time");
        let fields = vec![
            ("Code", Node::text("A<B")),
            ("Inner", Node::Fields(vec![("Expiration", Node::Time(time))])),
        ];
        assert_eq!(
            xml("Root", &fields),
            "<Root xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Code>A&lt;B</Code>\
             <Inner><Expiration>2023-11-14T22:13:20Z</Expiration></Inner></Root>"
        );
        let expected = "{\"Code\":\"A<B\",\"Inner\":{\"Expiration\":1700000000}}";
        assert_eq!(json(&fields).to_string(), expected);
    }
}
