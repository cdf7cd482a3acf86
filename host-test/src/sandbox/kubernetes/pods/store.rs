//! The pods' history, shared between those who change, list and watch it.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::watch;

use super::history::{History, Key};
use super::pod::Pod;

/// Tells watches of changes, and of the end.
pub(super) struct Store {
    history: RwLock<History>,
    current: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Store {
    pub(super) fn new(history: History) -> Self {
        Self {
            current: watch::Sender::new(history.current()),
            closing: watch::Sender::new(false),
            history: RwLock::new(history),
        }
    }

    /// To be let go of at once: who changes something waits for it.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, History> {
        // A panic in between would leave the history as it was or with one change more.
        self.history.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`History::insert`].
    pub(super) fn insert(&self, key: Key<'_>, make: impl FnOnce(u64) -> Pod) -> bool {
        self.change(|history| history.insert(key, make))
    }

    /// As [`History::remove`].
    pub(super) fn remove(&self, key: Key<'_>) -> bool {
        self.change(|history| history.remove(key))
    }

    /// The version of the cluster, for waiting for the next one.
    pub(super) fn current(&self) -> watch::Receiver<u64> {
        self.current.subscribe()
    }

    /// Whether watches are to end, for waiting until they are.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends all watches, and those that are begun later.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    fn change(&self, change: impl FnOnce(&mut History) -> bool) -> bool {
        let mut history = self.write();
        let is_changed = change(&mut history);
        // While nobody else can change it, so that the version never goes back.
        self.current.send_replace(history.current());
        is_changed
    }

    fn write(&self) -> RwLockWriteGuard<'_, History> {
        self.history.write().unwrap_or_else(PoisonError::into_inner)
    }
}
