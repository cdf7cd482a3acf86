//! Watches: changes as they happen, a line each, until the watch is over.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::history::{Change, ChangeKind, TooOld};
use super::pod::Pod;
use super::selection::{Selection, resource_version};
use super::store::Store;
use super::watch_event::{Encoder, WatchEvent};
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// How long a watch lasts that asks for nothing else: the least that kube-apiserver grants then, by
/// its default `min-request-timeout`.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);
/// How often there is a bookmark, for those who ask for bookmarks. As in kube-apiserver.
const BOOKMARK_EVERY: Duration = Duration::from_mins(1);

/// What to watch, and for how long.
pub(super) struct WatchOptions {
    selection: Selection,
    /// From behind this version on; from all pods that there are where absent.
    from: Option<u64>,
    with_bookmarks: bool,
    timeout: Duration,
}

impl WatchOptions {
    pub(super) fn read(namespace: &str, parameters: &Parameters) -> Result<Self, Status> {
        if is_set(parameters, "sendInitialEvents") {
            return Err(Status::invalid_options(
                "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless \
                 the WatchList feature gate is enabled",
            ));
        }
        Ok(Self {
            selection: Selection::read(namespace, parameters)?,
            from: resource_version(parameters)?,
            with_bookmarks: is_set(parameters, "allowWatchBookmarks"),
            timeout: timeout(parameters)?,
        })
    }

    /// Lasts no longer than this.
    pub(super) fn limit(&mut self, limit: Duration) {
        self.timeout = self.timeout.min(limit);
    }
}

/// As Kubernetes reads them: a name alone is true, too.
fn is_set(parameters: &Parameters, name: &str) -> bool {
    parameters.get(name).is_some_and(|value| !matches!(value, "false" | "0"))
}

fn timeout(parameters: &Parameters) -> Result<Duration, Status> {
    match parameters.non_empty("timeoutSeconds").map(str::parse::<u32>) {
        None | Some(Ok(0)) => Ok(DEFAULT_TIMEOUT),
        Some(Ok(seconds)) => Ok(Duration::from_secs(seconds.into())),
        Some(Err(_)) => {
            Err(Status::bad_request("timeoutSeconds is not a number of seconds".to_owned()))
        }
    }
}

/// The body of the answer. It takes what it sends from the store when the caller has read what
/// came before: a slow caller keeps nothing in memory, and may find that it is too late.
pub(super) fn body(store: &Arc<Store>, options: WatchOptions, encoder: Encoder) -> Body {
    let watch = Watch::begin(Arc::clone(store), options);
    Body::from_stream(stream::unfold((watch, encoder), async |(mut watch, mut encoder)| {
        let event = watch.next().await?;
        let line: Result<Bytes, Infallible> = Ok(encoder.encode(&event));
        Some((line, (watch, encoder)))
    }))
}

/// One that is under way.
struct Watch {
    store: Arc<Store>,
    selection: Selection,
    /// The pods that were there when it began, as far as they have not been told of.
    initial: VecDeque<Arc<Pod>>,
    /// All changes up to this version have been told.
    version: u64,
    current: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    ends_at: Instant,
    /// When the next one is due, where bookmarks are wanted.
    bookmark_at: Option<Instant>,
    has_ended: bool,
}

/// What a watch has waited for.
enum Woken {
    Change,
    Bookmark,
    End,
}

impl Watch {
    fn begin(store: Arc<Store>, options: WatchOptions) -> Self {
        let (version, initial) = match options.from {
            Some(version) => (version, VecDeque::new()),
            None => snapshot(&store, &options.selection),
        };
        let now = Instant::now();
        Self {
            selection: options.selection,
            initial,
            version,
            current: store.current(),
            closing: store.closing(),
            ends_at: now + options.timeout,
            bookmark_at: options.with_bookmarks.then(|| now + BOOKMARK_EVERY),
            has_ended: false,
            store,
        }
    }

    /// `None` once it has ended.
    async fn next(&mut self) -> Option<WatchEvent> {
        while !self.has_ended {
            if self.is_over() {
                return self.end();
            }
            if let Some(pod) = self.initial.pop_front() {
                return Some(WatchEvent::Change(Change { kind: ChangeKind::Added, pod }));
            }
            let event = match self.next_change() {
                Ok(Some(change)) => Some(WatchEvent::Change(change)),
                Ok(None) => match self.wait().await {
                    Woken::Change => None,
                    Woken::Bookmark => Some(self.bookmark()),
                    Woken::End => return self.end(),
                },
                Err(too_old) => Some(self.fail(&too_old)),
            };
            if event.is_some() {
                return event;
            }
        }
        None
    }

    /// Also where the store has so much to tell that there is nothing to wait for.
    fn is_over(&self) -> bool {
        *self.closing.borrow() || Instant::now() >= self.ends_at
    }

    /// The next one that the caller is interested in.
    fn next_change(&mut self) -> Result<Option<Change>, TooOld> {
        let history = self.store.read();
        while let Some(change) = history.after(self.version)? {
            self.version = change.version();
            if self.selection.selects(&change.pod) {
                return Ok(Some(change.clone()));
            }
        }
        Ok(None)
    }

    async fn wait(&mut self) -> Woken {
        let (version, bookmark_at) = (self.version, self.bookmark_at);
        tokio::select! {
            // They fail only without the store, which is held here.
            _ = self.current.wait_for(|current| *current > version) => Woken::Change,
            _ = self.closing.wait_for(|is_closing| *is_closing) => Woken::End,
            () = sleep_until(self.ends_at) => Woken::End,
            () = sleep_until(bookmark_at.unwrap_or(self.ends_at)), if bookmark_at.is_some() => {
                Woken::Bookmark
            }
        }
    }

    fn bookmark(&mut self) -> WatchEvent {
        self.bookmark_at = self.bookmark_at.map(|_| Instant::now() + BOOKMARK_EVERY);
        WatchEvent::Bookmark(self.version)
    }

    /// With a bookmark, unless it would say of pods that they had been told of.
    fn end(&mut self) -> Option<WatchEvent> {
        self.has_ended = true;
        (self.bookmark_at.is_some() && self.initial.is_empty()).then(|| self.bookmark())
    }

    /// In the stream, where kube-apiserver says it, too.
    fn fail(&mut self, TooOld { oldest }: &TooOld) -> WatchEvent {
        self.has_ended = true;
        let message = format!("too old resource version: {} ({oldest})", self.version);
        WatchEvent::Error(Status::too_old(message))
    }
}

/// What is there now, and its version.
fn snapshot(store: &Store, selection: &Selection) -> (u64, VecDeque<Arc<Pod>>) {
    let history = store.read();
    let version = history.current();
    // The version that the cluster is at is always kept.
    let pods = history.at(version, None).into_iter().flatten();
    (version, pods.filter(|pod| selection.selects(pod)).cloned().collect())
}
