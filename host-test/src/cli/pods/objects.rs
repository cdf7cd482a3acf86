//! Pods as objects: JSON, YAML, names, and a table where the server cannot make one.

use eks_token_host::kube::{Column, Row, Table};
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};

use crate::failure::Failure;

/// As kubectl writes it: keys in order, four blanks.
pub(super) fn json(pods: &[Value]) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut serializer =
        Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    list(pods).serialize(&mut serializer).map_err(|error| Failure::Format(error.to_string()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| Failure::Format(error.to_string()))
}

/// As kubectl writes it; long lines are left as they are.
pub(super) fn yaml(pods: &[Value]) -> Result<String, Failure> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(&list(pods), options)
        .map_err(|error| Failure::Format(error.to_string()))
}

/// One a line.
pub(super) fn names(pods: &[Value]) -> String {
    let mut lines = String::new();
    for pod in pods {
        lines.push_str("pod/");
        lines.push_str(name(pod));
        lines.push('\n');
    }
    lines
}

/// What can be said of a pod without knowing what pods are.
pub(super) fn table(pods: &[Value]) -> Table {
    let column = |name: &str| Column { name: name.to_owned(), priority: 0 };
    Table {
        columns: vec![column("Name"), column("Created At")],
        rows: pods.iter().map(row).collect(),
    }
}

fn row(pod: &Value) -> Row {
    let created = pod.pointer("/metadata/creationTimestamp").cloned().unwrap_or_default();
    Row { cells: vec![name(pod).into(), created], object: pod.clone() }
}

fn name(pod: &Value) -> &str {
    pod.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// The list that kubectl makes of what it got: without the server's own metadata.
fn list(pods: &[Value]) -> Value {
    json!({
        "apiVersion": "v1",
        "items": pods,
        "kind": "List",
        "metadata": { "resourceVersion": "" },
    })
}
