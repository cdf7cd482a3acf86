//! The table as kubectl prints it (`k8s.io/cli-runtime/pkg/printers`, `tableprinter.go`).

use std::io::{self, Write as _};

use eks_token_host::kube::{Row, Table};
use serde_json::Value;
use tabwriter::TabWriter;

use crate::failure::Failure;

/// What is shown of it.
#[derive(Clone, Copy)]
pub(super) struct Show {
    /// All columns.
    pub(super) wide: bool,
    /// The namespace in front.
    pub(super) namespaces: bool,
}

/// Nothing at all where there are no rows.
pub(super) fn write(table: &Table, show: Show) -> Result<String, Failure> {
    if table.rows.is_empty() {
        return Ok(String::new());
    }
    let failed = |error: io::Error| Failure::Format(error.to_string());
    // Three blanks between columns, none of them narrower than six: kubectl's settings, of which
    // the narrowest counts the blanks there and not here.
    let mut writer = TabWriter::new(Vec::new()).minwidth(3).padding(3);
    writeln!(writer, "{}", heading(table, show)).map_err(failed)?;
    for row in &table.rows {
        writeln!(writer, "{}", line(table, row, show)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::Format(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Failure::Format(error.to_string()))
}

fn heading(table: &Table, show: Show) -> String {
    let namespace = show.namespaces.then(|| "NAMESPACE".to_owned());
    let columns = table.columns.iter().filter(|column| show.wide || column.priority == 0);
    let names = columns.map(|column| column.name.to_uppercase());
    namespace.into_iter().chain(names).collect::<Vec<_>>().join("\t")
}

fn line(table: &Table, row: &Row, show: Show) -> String {
    let namespace = show.namespaces.then(|| {
        let name = row.object.pointer("/metadata/namespace").and_then(Value::as_str);
        escape(name.unwrap_or_default())
    });
    let cells = table
        .columns
        .iter()
        .zip(&row.cells)
        .filter(|(column, _)| show.wide || column.priority == 0)
        .map(|(_, cell)| text(cell));
    namespace.into_iter().chain(cells).collect::<Vec<_>>().join("\t")
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        // Up to the first line end.
        Value::String(text) => match text.split_once(['\n', '\r', '\u{c}']) {
            Some((first, _)) => format!("{}...", escape(first)),
            None => escape(text),
        },
        other => escape(&other.to_string()),
    }
}

/// Pods are made by others: their texts may not steer the terminal.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{1b}' => escaped.push_str("^["),
            char if char.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &Value) -> Table {
        let columns = serde_json::json!([{"name": "Name"}, {"name": "IP", "priority": 1}]);
        serde_json::from_value(serde_json::json!({"columnDefinitions": columns, "rows": rows}))
            .expect("a table")
    }

    #[test]
    fn aligns_and_escapes() {
        let rows = serde_json::json!([
            {"cells": ["a", "10.0.0.1"], "object": {"metadata": {"namespace": "kube-system"}}},
            {"cells": ["b\u{1b}[2J", null], "object": {"metadata": {"namespace": "d"}}},
            {"cells": ["c\nd", 5], "object": {}},
        ]);
        let write = |wide, namespaces| {
            write(&table(&rows), Show { wide, namespaces }).expect("it is written")
        };
        assert_eq!(write(false, false), "NAME\na\nb^[[2J\nc...\n");
        assert_eq!(
            write(true, true),
            "NAMESPACE     NAME     IP\n\
             kube-system   a        10.0.0.1\n\
             d             b^[[2J   \n              c...     5\n"
        );
        assert_eq!(
            super::write(&table(&serde_json::json!([])), Show { wide: true, namespaces: true })
                .expect("it is written"),
            ""
        );
    }
}
