//! What a watch tells, in a form that tests can name.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{WatchEvent, WatchParams};
use kube::{Api, ResourceExt as _};
use tokio::time::timeout;

use super::trial::PATIENCE;

/// Events in short: `+web 4712`, `-web 4713`, `= 4713` for a bookmark, `! 410`.
pub(super) struct Events(Pin<Box<dyn Stream<Item = kube::Result<WatchEvent<Pod>>>>>);

impl Events {
    pub(super) async fn of(pods: &Api<Pod>, params: &WatchParams, version: &str) -> Self {
        Self(pods.watch(params, version).await.expect("a watch").boxed_local())
    }

    /// `None` when the watch has ended.
    pub(super) async fn next(&mut self) -> Option<String> {
        let event = timeout(PATIENCE, self.0.next()).await.expect("it does not hang")?;
        let pod = |sign: char, pod: &Pod| {
            format!("{sign}{} {}", pod.name_any(), pod.resource_version().expect("a version"))
        };
        Some(match event.expect("an event") {
            WatchEvent::Added(added) => pod('+', &added),
            WatchEvent::Deleted(deleted) => pod('-', &deleted),
            WatchEvent::Modified(modified) => pod('~', &modified),
            WatchEvent::Bookmark(bookmark) => format!("= {}", bookmark.metadata.resource_version),
            WatchEvent::Error(status) => format!("! {} {}", status.code, status.reason),
        })
    }

    pub(super) async fn assert_next(&mut self, expected: &[&str]) {
        for expected in expected {
            assert_eq!(self.next().await.as_deref(), Some(*expected));
        }
    }

    pub(super) async fn assert_end(&mut self) {
        assert_eq!(self.next().await, None);
    }
}
