//! Where a cluster is, for as long as that is true.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use tower::BoxError;
use tracing::info;

use super::recent_failure::RecentFailure;
use super::tokens::BoxFuture;
use super::{ApiServer, ClientError, TransportFault};
use crate::Clock;

/// The least time between two searches for the same server, in seconds: where it is down, each
/// request would look for it.
const LOCATE_INTERVAL: u64 = 10;

/// Finds the API server of a cluster.
pub trait Locator: Send + Sync + 'static {
    /// Where it is now, and who vouches for it.
    fn locate(&self) -> BoxFuture<'_, Result<ApiServer, BoxError>>;
}

/// A way to the server of a cluster: looked for at first use, and again when it leads nowhere.
pub(crate) struct Located<W> {
    locator: Arc<dyn Locator>,
    clock: Clock,
    prepare: fn(&ApiServer) -> Result<W, ClientError>,
    found: ArcSwapOption<Found<W>>,
    searching: Mutex<RecentFailure>,
}

/// A way to the server as it was found at some time.
pub(crate) struct Found<W> {
    pub(crate) way: W,
    at: u64,
}

impl<W> Located<W> {
    /// `prepare` makes a way out of an address; it connects to nothing.
    pub(crate) fn new(
        locator: Arc<dyn Locator>,
        clock: Clock,
        prepare: fn(&ApiServer) -> Result<W, ClientError>,
    ) -> Self {
        let (found, searching) = (ArcSwapOption::empty(), Mutex::default());
        Self { locator, clock, prepare, found, searching }
    }

    /// The one in use, or the first.
    pub(crate) async fn current(&self) -> Result<Arc<Found<W>>, BoxError> {
        if let Some(found) = self.found.load_full() {
            return Ok(found);
        }
        let mut failure = self.searching.lock().await;
        match self.found.load_full() {
            Some(found) => Ok(found),
            None => self.search(&mut failure).await,
        }
    }

    /// The one in use, if any.
    #[cfg(feature = "proxy")]
    pub(crate) fn found(&self) -> Option<Arc<Found<W>>> {
        self.found.load_full()
    }

    /// Another than `lost`; none where that has only just been found.
    pub(crate) async fn instead_of(
        &self,
        lost: &Arc<Found<W>>,
    ) -> Result<Option<Arc<Found<W>>>, BoxError> {
        let mut failure = self.searching.lock().await;
        if let Some(found) = self.found.load_full().filter(|found| !Arc::ptr_eq(found, lost)) {
            return Ok(Some(found));
        }
        if self.clock.now() < lost.at.saturating_add(LOCATE_INTERVAL) {
            return Ok(None);
        }
        info!("the server cannot be reached any more; looking for it");
        self.search(&mut failure).await.map(Some)
    }

    async fn search(&self, failure: &mut RecentFailure) -> Result<Arc<Found<W>>, BoxError> {
        if let Some(error) = failure.at(self.clock.now()) {
            return Err(error);
        }
        let located = self.locator.locate().await;
        let found = located.and_then(|server| Ok((self.prepare)(&server)?));
        let now = self.clock.now();
        failure.note(&found, now);
        let found = Arc::new(Found { way: found?, at: now });
        self.found.store(Some(Arc::clone(&found)));
        Ok(found)
    }
}

/// How far a failed request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The server is not there, or is another: nothing was sent.
    Lost,
    /// The server may have read it, and may be gone.
    Unknown,
    /// The server is there.
    Answering,
}

impl Reach {
    pub(crate) fn of(fault: &TransportFault) -> Self {
        match fault {
            TransportFault::NameNotResolved
            | TransportFault::Refused
            | TransportFault::Unreachable
            | TransportFault::UntrustedCertificate
            | TransportFault::WrongHost => Self::Lost,
            TransportFault::TimedOut | TransportFault::Closed => Self::Unknown,
            _ => Self::Answering,
        }
    }
}
