//! What a list of pods is made of.

use serde::Deserialize;
use serde_json::Value;

/// Pods as the server gave them.
#[derive(Debug, Clone)]
pub enum PodList {
    /// Made for people, by the server.
    Table(Table),
    /// The objects, each with its `apiVersion` and `kind`.
    Objects(Vec<Value>),
}

impl PodList {
    /// How many pods there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Table(table) => table.rows.len(),
            Self::Objects(objects) => objects.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the next page in. Servers answer all pages of a list in one form.
    pub(super) fn append(&mut self, next: Self) {
        match (self, next) {
            (Self::Table(table), Self::Table(next)) => table.rows.extend(next.rows),
            (Self::Objects(objects), Self::Objects(next)) => objects.extend(next),
            (list, next) => *list = next,
        }
    }
}

/// A `meta.k8s.io/v1` Table: the columns and cells that kubectl prints, made by the server.
///
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables>
#[derive(Debug, Clone, Deserialize)]
pub struct Table {
    /// From left to right.
    #[serde(rename = "columnDefinitions")]
    pub columns: Vec<Column>,
    /// One a pod.
    #[serde(default)]
    pub rows: Vec<Row>,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, Deserialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// 0 where it always shows; above that only in wide output.
    #[serde(default)]
    pub priority: i32,
}

/// A row of a [`Table`].
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// One a column.
    pub cells: Vec<Value>,
    /// What the row is about: `PartialObjectMetadata`.
    #[serde(default)]
    pub object: Value,
}
