//! What a watch tells of, and its text: a line of JSON.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>

use std::mem;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::history::{Change, ChangeKind};
use super::object;
use super::pod::Pod;
use super::table::{self, IncludeObject};
use crate::sandbox::Clock;
use crate::sandbox::kubernetes::accept::Form;
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// One line of a watch.
pub(super) enum WatchEvent {
    Change(Change),
    /// All up to this version has been told.
    Bookmark(u64),
    /// The watch cannot go on.
    Error(Status),
}

/// Writes the events of one watch.
pub(super) enum Encoder {
    Objects,
    Tables(Tables),
}

/// What tables are made with.
pub(super) struct Tables {
    api_version: &'static str,
    include: IncludeObject,
    clock: Clock,
    /// The others come without columns.
    is_first: bool,
}

impl Encoder {
    pub(super) fn new(form: Form, parameters: &Parameters, clock: &Clock) -> Result<Self, Status> {
        let Form::Table { api_version } = form else { return Ok(Self::Objects) };
        let include = IncludeObject::of(parameters)?;
        Ok(Self::Tables(Tables { api_version, include, clock: clock.clone(), is_first: true }))
    }

    /// With its line end.
    pub(super) fn encode(&mut self, event: &WatchEvent) -> Bytes {
        let (kind, object) = match event {
            WatchEvent::Change(change) => (kind(change.kind), self.pod(&change.pod)),
            WatchEvent::Bookmark(version) => ("BOOKMARK", self.bookmark(*version)),
            WatchEvent::Error(status) => ("ERROR", status.to_json()),
        };
        // In the order of kube-apiserver, which some readers of lines rely on.
        format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n").into()
    }

    fn pod(&mut self, pod: &Pod) -> Value {
        match self {
            Self::Objects => object::pod(pod),
            Self::Tables(tables) => tables.next(pod.resource_version, &[pod]),
        }
    }

    fn bookmark(&mut self, version: u64) -> Value {
        match self {
            Self::Objects => json!({
                "kind": "Pod",
                "apiVersion": "v1",
                "metadata": { "resourceVersion": version.to_string() },
            }),
            Self::Tables(tables) => tables.next(version, &[]),
        }
    }
}

impl Tables {
    fn next(&mut self, version: u64, pods: &[&Pod]) -> Value {
        let metadata = json!({ "resourceVersion": version.to_string() });
        let now = self.clock.now();
        let mut table = table::table(self.api_version, &metadata, pods, self.include, now);
        if !mem::take(&mut self.is_first)
            && let Some(columns) = table.get_mut("columnDefinitions")
        {
            *columns = Value::Null;
        }
        table
    }
}

const fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "ADDED",
        ChangeKind::Deleted => "DELETED",
    }
}
