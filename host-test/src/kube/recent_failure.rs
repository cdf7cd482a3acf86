//! A failure that is not repeated at once.

use tower::BoxError;

/// For how long others are told of a failure instead of running into it themselves, in seconds.
/// Without that, a hundred requests would wait in line for a source of credentials that is down.
const TOLD_FOR: u64 = 1;

/// The last failure of something that everyone waits for.
#[derive(Debug, Default)]
pub(super) struct RecentFailure(Option<(u64, String)>);

impl RecentFailure {
    /// The failure, where it has only just happened.
    pub(super) fn at(&self, now: u64) -> Option<BoxError> {
        let (at, message) = self.0.as_ref()?;
        // A clock that was set back ends it, too.
        (*at..at.saturating_add(TOLD_FOR)).contains(&now).then(|| message.clone().into())
    }

    /// Remembers how something ended.
    pub(super) fn note<T>(&mut self, result: &Result<T, BoxError>, now: u64) {
        self.0 = result.as_ref().err().map(|error| (now, error.to_string()));
    }
}
