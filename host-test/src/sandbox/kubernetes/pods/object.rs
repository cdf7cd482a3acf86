//! Pods as objects of `v1`.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use serde_json::{Map, Value, json};

use super::list::Page;
use super::pod::{Pod, timestamp};
use super::workload::{Container, Controller, State};

/// A list. Its items come without the type that the list has for them all.
pub(super) fn pod_list(page: &Page<'_>) -> Value {
    let items: Vec<Value> = page.pods.iter().map(|pod| Value::Object(item(pod))).collect();
    json!({ "kind": "PodList", "apiVersion": "v1", "metadata": page.metadata(), "items": items })
}

/// One alone, with its type.
pub(super) fn pod(pod: &Pod) -> Value {
    let mut object = item(pod);
    object.insert("kind".to_owned(), "Pod".into());
    object.insert("apiVersion".to_owned(), "v1".into());
    Value::Object(object)
}

fn item(pod: &Pod) -> Map<String, Value> {
    Map::from_iter([
        ("metadata".to_owned(), metadata(pod)),
        ("spec".to_owned(), spec(pod)),
        ("status".to_owned(), status(pod)),
    ])
}

/// `metav1.ObjectMeta`
pub(super) fn metadata(pod: &Pod) -> Value {
    let mut metadata = json!({
        "name": pod.name,
        "namespace": pod.namespace,
        "uid": pod.uid,
        "resourceVersion": pod.resource_version.to_string(),
        "creationTimestamp": timestamp(pod.created_at),
        "labels": pod.labels,
    });
    let (Some(owner), Some(fields)) = (&pod.owner, metadata.as_object_mut()) else {
        return metadata;
    };
    fields.insert(
        "ownerReferences".to_owned(),
        json!([{
            "apiVersion": owner.api_version,
            "kind": owner.kind,
            "name": owner.name,
            "uid": owner.uid,
            "controller": true,
            "blockOwnerDeletion": true,
        }]),
    );
    if pod.workload.controller != Controller::StatefulSet {
        fields.insert("generateName".to_owned(), format!("{}-", owner.name).into());
    }
    metadata
}

fn spec(pod: &Pod) -> Value {
    let containers: Vec<Value> = pod.workload.containers.iter().map(container).collect();
    let restart_policy =
        if pod.workload.controller == Controller::Job { "Never" } else { "Always" };
    let mut spec = json!({
        "containers": containers,
        "restartPolicy": restart_policy,
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": pod.workload.name,
        "schedulerName": "default-scheduler",
        "enableServiceLinks": true,
    });
    if let (Some(node), Some(spec)) = (&pod.node, spec.as_object_mut()) {
        spec.insert("nodeName".to_owned(), node.name.as_str().into());
    }
    spec
}

fn container(container: &Container) -> Value {
    json!({
        "name": container.name,
        "image": container.image,
        "imagePullPolicy": "IfNotPresent",
        "resources": { "requests": { "cpu": "100m", "memory": "128Mi" } },
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    })
}

fn status(pod: &Pod) -> Value {
    let mut status = json!({
        "phase": pod.phase(),
        "conditions": conditions(pod),
        "qosClass": "Burstable",
    });
    let (Some(node), Some(fields)) = (&pod.node, status.as_object_mut()) else { return status };
    fields.insert("hostIP".to_owned(), node.address.as_str().into());
    fields.insert("hostIPs".to_owned(), json!([{ "ip": node.address }]));
    fields.insert("startTime".to_owned(), timestamp(pod.created_at).into());
    fields.insert("containerStatuses".to_owned(), container_statuses(pod));
    if let Some(address) = &node.pod_address {
        fields.insert("podIP".to_owned(), address.as_str().into());
        fields.insert("podIPs".to_owned(), json!([{ "ip": address }]));
    }
    status
}

fn conditions(pod: &Pod) -> Value {
    let since = timestamp(pod.created_at);
    let condition = |kind: &str, holds: bool| {
        let status = if holds { "True" } else { "False" };
        json!({ "type": kind, "status": status, "lastTransitionTime": since })
    };
    if pod.node.is_none() {
        return json!([{
            "type": "PodScheduled",
            "status": "False",
            "lastTransitionTime": since,
            "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient memory.",
        }]);
    }
    let is_ready = pod.state == State::Running;
    json!([
        condition("PodReadyToStartContainers", pod.state != State::ContainerCreating),
        condition("Initialized", true),
        condition("Ready", is_ready),
        condition("ContainersReady", is_ready),
        condition("PodScheduled", true),
    ])
}

fn container_statuses(pod: &Pod) -> Value {
    let (ready, _) = pod.ready();
    let last = pod.workload.containers.len().saturating_sub(1);
    let statuses = pod.workload.containers.iter().enumerate().map(|(index, container)| {
        // Those that are ready come first: it is the last one that has the trouble.
        let is_ready = index < ready;
        let (state, restarts, last_state) = if index == last {
            (container_state(pod), pod.restarts, last_state(pod))
        } else if is_ready {
            (running(pod.created_at), 0, json!({}))
        } else {
            (container_state(pod), 0, json!({}))
        };
        json!({
            "name": container.name,
            "image": container.image,
            "imageID": "",
            "ready": is_ready,
            "started": is_ready,
            "restartCount": restarts,
            "state": state,
            "lastState": last_state,
        })
    });
    statuses.collect()
}

fn container_state(pod: &Pod) -> Value {
    match pod.state {
        State::Running if pod.restarts > 0 => running(pod.last_restart),
        State::Running => running(pod.created_at),
        State::Completed => terminated(pod.created_at, 0, "Completed"),
        State::Error => terminated(pod.created_at, 1, "Error"),
        State::CrashLoopBackOff
        | State::ImagePullBackOff
        | State::ContainerCreating
        | State::Unschedulable => json!({ "waiting": { "reason": pod.status() } }),
    }
}

fn last_state(pod: &Pod) -> Value {
    if pod.restarts > 0 { terminated(pod.last_restart, 1, "Error") } else { json!({}) }
}

fn running(since: u64) -> Value {
    json!({ "running": { "startedAt": timestamp(since) } })
}

fn terminated(at: u64, exit_code: u8, reason: &str) -> Value {
    let at = timestamp(at);
    json!({
        "terminated": {
            "exitCode": exit_code,
            "reason": reason,
            "startedAt": at,
            "finishedAt": at,
        },
    })
}
