//! What is counted, for the proxy's statistics.

use core::mem::take;

use crate::abi;

/// The counters of a plugin. Those of the same name are one for all workers. They reach the proxy
/// with the next tick: a call for each request would cost more than the counting.
#[derive(Debug)]
pub(crate) struct Counters {
    tokens_made: Counter,
    cache_hits: Counter,
    failures: Counter,
    refused: Counter,
}

#[derive(Debug)]
struct Counter {
    metric: Option<u32>,
    waiting: u32,
}

impl Counters {
    pub(crate) fn define() -> Self {
        Self {
            tokens_made: Counter::define("eks_token.tokens_made"),
            cache_hits: Counter::define("eks_token.cache_hits"),
            failures: Counter::define("eks_token.failures"),
            refused: Counter::define("eks_token.refused"),
        }
    }

    /// A token was signed.
    pub(crate) fn token_made(&mut self) {
        self.tokens_made.waiting += 1;
    }

    /// A request went out with a token that was there.
    pub(crate) fn cache_hit(&mut self) {
        self.cache_hits.waiting += 1;
    }

    /// Credentials did not come.
    pub(crate) fn failure(&mut self) {
        self.failures.waiting += 1;
    }

    /// A request was answered here.
    pub(crate) fn refused(&mut self) {
        self.refused.waiting += 1;
    }

    /// Tells the proxy.
    pub(crate) fn flush(&mut self) {
        let Self { tokens_made, cache_hits, failures, refused } = self;
        for counter in [tokens_made, cache_hits, failures, refused] {
            counter.flush();
        }
    }
}

impl Counter {
    fn define(name: &str) -> Self {
        Self { metric: abi::define_counter(name), waiting: 0 }
    }

    fn flush(&mut self) {
        let count = take(&mut self.waiting);
        if let Some(metric) = self.metric.filter(|_| count > 0) {
            abi::increment(metric, count);
        }
    }
}
