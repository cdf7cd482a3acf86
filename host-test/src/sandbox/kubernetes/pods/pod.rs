//! One pod: what both the object and its row in a table are made of.

use std::collections::BTreeMap;

use super::workload::{State, Workload};
use crate::SigningTime;

/// A pod at one version of it. Times are in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone)]
pub(super) struct Pod {
    pub(super) workload: &'static Workload,
    pub(super) namespace: &'static str,
    pub(super) name: String,
    pub(super) uid: String,
    /// Of the change that made it what it is.
    pub(super) resource_version: u64,
    pub(super) labels: BTreeMap<&'static str, String>,
    /// The object that keeps it, if one does.
    pub(super) owner: Option<Owner>,
    pub(super) created_at: u64,
    /// Where it runs; absent until it has been scheduled.
    pub(super) node: Option<Node>,
    pub(super) state: State,
    /// How often its last container was started anew.
    pub(super) restarts: u32,
    pub(super) last_restart: u64,
}

/// What a pod belongs to.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) uid: String,
}

/// A node, as seen from a pod.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) address: String,
    /// The pod's own; absent until its network is there.
    pub(super) pod_address: Option<String>,
}

impl Pod {
    /// What lists are ordered by.
    pub(super) fn key(&self) -> (&str, &str) {
        (self.namespace, self.name.as_str())
    }

    /// How many of its containers are ready, and how many it has.
    pub(super) fn ready(&self) -> (usize, usize) {
        let count = self.workload.containers.len();
        let ready = match self.state {
            State::Running => count,
            State::CrashLoopBackOff | State::ImagePullBackOff => count - 1,
            State::ContainerCreating | State::Unschedulable | State::Completed | State::Error => 0,
        };
        (ready, count)
    }

    /// The column STATUS of a table.
    pub(super) const fn status(&self) -> &'static str {
        match self.state {
            State::Running => "Running",
            State::CrashLoopBackOff => "CrashLoopBackOff",
            State::ImagePullBackOff => "ImagePullBackOff",
            State::ContainerCreating => "ContainerCreating",
            State::Unschedulable => "Pending",
            State::Completed => "Completed",
            State::Error => "Error",
        }
    }

    /// `status.phase`
    pub(super) const fn phase(&self) -> &'static str {
        match self.state {
            State::Running | State::CrashLoopBackOff => "Running",
            State::ImagePullBackOff | State::ContainerCreating | State::Unschedulable => "Pending",
            State::Completed => "Succeeded",
            State::Error => "Failed",
        }
    }
}

/// RFC 3339, as Kubernetes writes times.
pub(in crate::sandbox::kubernetes) fn timestamp(unix_seconds: u64) -> String {
    // The start has made sure that the clock is within the years that can be written.
    SigningTime::from_unix_seconds(unix_seconds)
        .map(|time| time.rfc3339().to_string())
        .unwrap_or_default()
}
