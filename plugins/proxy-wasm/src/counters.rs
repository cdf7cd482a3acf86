//! What is counted, for the proxy's statistics.

use crate::abi;

/// The counters of a plugin. Those of the same name are one for all workers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counters {
    tokens_made: Option<u32>,
    cache_hits: Option<u32>,
    failures: Option<u32>,
    refused: Option<u32>,
}

impl Counters {
    pub(crate) fn define() -> Self {
        Self {
            tokens_made: abi::define_counter("eks_token.tokens_made"),
            cache_hits: abi::define_counter("eks_token.cache_hits"),
            failures: abi::define_counter("eks_token.failures"),
            refused: abi::define_counter("eks_token.refused"),
        }
    }

    /// A token was signed.
    pub(crate) fn token_made(&self) {
        count(self.tokens_made);
    }

    /// A request went out with a token that was there.
    pub(crate) fn cache_hit(&self) {
        count(self.cache_hits);
    }

    /// Credentials did not come, or did not sign.
    pub(crate) fn failure(&self) {
        count(self.failures);
    }

    /// A request was answered here.
    pub(crate) fn refused(&self) {
        count(self.refused);
    }
}

fn count(counter: Option<u32>) {
    if let Some(counter) = counter {
        abi::increment(counter);
    }
}
