//! Pods as a table for people, with kube-apiserver's columns.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables>

use serde_json::{Value, json};

use super::age::age;
use super::object;
use super::pod::Pod;
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// How much of the pod a row carries besides its cells: the parameter `includeObject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IncludeObject {
    None,
    Metadata,
    Object,
}

impl IncludeObject {
    pub(super) fn of(parameters: &Parameters) -> Result<Self, Status> {
        match parameters.non_empty("includeObject") {
            Some("None") => Ok(Self::None),
            None | Some("Metadata") => Ok(Self::Metadata),
            Some("Object") => Ok(Self::Object),
            Some(_) => Err(Status::bad_request(
                "includeObject must be None, Metadata or Object".to_owned(),
            )),
        }
    }
}

/// `metav1.Table`
pub(super) fn table(
    api_version: &str,
    metadata: &Value,
    pods: &[&Pod],
    include: IncludeObject,
    now: u64,
) -> Value {
    let rows: Vec<Value> = pods.iter().map(|pod| row(api_version, pod, include, now)).collect();
    json!({
        "kind": "Table",
        "apiVersion": api_version,
        "metadata": metadata,
        "columnDefinitions": columns(),
        "rows": rows,
    })
}

fn columns() -> Value {
    let column = |name: &str, format: &str, priority: u8, description: &str| {
        json!({
            "name": name,
            "type": "string",
            "format": format,
            "description": description,
            "priority": priority,
        })
    };
    json!([
        column("Name", "name", 0, "The pod's name, unique within its namespace."),
        column("Ready", "", 0, "How many containers are ready, and how many there are."),
        column("Status", "", 0, "What the pod's containers are doing."),
        column("Restarts", "", 0, "How often containers were restarted, and when last."),
        column("Age", "", 0, "The time since the pod was created."),
        column("IP", "", 1, "The pod's address."),
        column("Node", "", 1, "The node that the pod runs on."),
        column("Nominated Node", "", 1, "The node where room is being made for the pod."),
        column("Readiness Gates", "", 1, "Further conditions for readiness, and those met."),
    ])
}

fn row(api_version: &str, pod: &Pod, include: IncludeObject, now: u64) -> Value {
    let (ready, count) = pod.ready();
    let node = pod.node.as_ref();
    let address = node.and_then(|node| node.pod_address.as_deref());
    let cells = json!([
        pod.name,
        format!("{ready}/{count}"),
        pod.status(),
        restarts(pod, now),
        age(now.saturating_sub(pod.created_at)),
        address.unwrap_or("<none>"),
        node.map_or("<none>", |node| node.name.as_str()),
        "<none>",
        "<none>",
    ]);
    match include {
        IncludeObject::None => json!({ "cells": cells }),
        IncludeObject::Metadata => json!({
            "cells": cells,
            "object": {
                "kind": "PartialObjectMetadata",
                "apiVersion": api_version,
                "metadata": object::metadata(pod),
            },
        }),
        IncludeObject::Object => json!({ "cells": cells, "object": object::pod(pod) }),
    }
}

fn restarts(pod: &Pod, now: u64) -> String {
    match pod.restarts {
        0 => "0".to_owned(),
        count => format!("{count} ({} ago)", age(now.saturating_sub(pod.last_restart))),
    }
}
