//! Tokens for a client that outlives them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;
use tokio::sync::Mutex;
use tower::BoxError;
use tracing::debug;

use crate::{Clock, Token};

/// A future on the heap, as a trait that is used through `dyn` needs it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How long before its end a token is renewed, in seconds; a quarter of its life where that is less.
const RENEW_AHEAD: u64 = 60;

/// Makes tokens.
pub trait TokenSource: Send + Sync + 'static {
    /// A new token. `was_refused` says that the cluster did not take the last one: credentials that
    /// are kept should then be asked for anew.
    fn token(&self, was_refused: bool) -> BoxFuture<'_, Result<Token, BoxError>>;
}

/// The token in use. Whoever finds it used up renews it, while the others wait for that.
pub(super) struct Tokens {
    source: Arc<dyn TokenSource>,
    clock: Clock,
    held: Mutex<Option<Held>>,
}

struct Held {
    authorization: HeaderValue,
    renew_at: u64,
    expires_at: u64,
}

impl Tokens {
    pub(super) fn new(source: Arc<dyn TokenSource>, clock: Clock) -> Self {
        Self { source, clock, held: Mutex::new(None) }
    }

    /// The header `Authorization`, with a token that is still good for a while. Where none can be
    /// made ahead of time, the last one goes on until its end.
    pub(super) async fn authorization(&self) -> Result<HeaderValue, BoxError> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        if let Some(held) = held.as_ref().filter(|held| now < held.renew_at) {
            return Ok(held.authorization.clone());
        }
        match self.make(false).await {
            Ok(made) => Ok(held.insert(made).authorization.clone()),
            Err(error) => match held.as_ref().filter(|held| now < held.expires_at) {
                Some(held) => Ok(held.authorization.clone()),
                None => Err(error),
            },
        }
    }

    /// Another than `refused`.
    pub(super) async fn instead_of(&self, refused: &HeaderValue) -> Result<HeaderValue, BoxError> {
        let mut held = self.held.lock().await;
        // Somebody else was refused before, and has renewed it.
        if let Some(held) = held.as_ref().filter(|held| held.authorization != refused) {
            return Ok(held.authorization.clone());
        }
        Ok(held.insert(self.make(true).await?).authorization.clone())
    }

    async fn make(&self, was_refused: bool) -> Result<Held, BoxError> {
        let Token { value, expires_at, .. } = self.source.token(was_refused).await?;
        debug!(expires_at, was_refused, "a new token");
        let mut authorization = HeaderValue::try_from(format!("Bearer {value}"))?;
        authorization.set_sensitive(true);
        let lifetime = expires_at.saturating_sub(self.clock.now());
        let renew_at = expires_at.saturating_sub(RENEW_AHEAD.min(lifetime / 4));
        Ok(Held { authorization, renew_at, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

    use super::*;

    /// Counts the tokens it makes, and lets others run while it does.
    struct Counting {
        made: AtomicU64,
        fails: AtomicBool,
        clock: Arc<AtomicU64>,
    }

    impl TokenSource for Counting {
        fn token(&self, _was_refused: bool) -> BoxFuture<'_, Result<Token, BoxError>> {
            Box::pin(async {
                tokio::task::yield_now().await;
                if self.fails.load(Relaxed) {
                    return Err("no credentials".into());
                }
                let number = self.made.fetch_add(1, Relaxed);
                let expires_at = self.clock.load(Relaxed) + 840;
                Ok(Token { value: number.to_string(), expires_at, findings: Vec::new() })
            })
        }
    }

    fn tokens() -> (Arc<Counting>, Arc<AtomicU64>, Arc<Tokens>) {
        let clock = Arc::new(AtomicU64::new(1_000));
        let source = Arc::new(Counting {
            made: AtomicU64::new(0),
            fails: AtomicBool::new(false),
            clock: Arc::clone(&clock),
        });
        let time = Arc::clone(&clock);
        let tokens = Tokens::new(
            Arc::clone(&source) as Arc<dyn TokenSource>,
            Clock::new(move || time.load(Relaxed)),
        );
        (source, clock, Arc::new(tokens))
    }

    #[tokio::test]
    async fn is_renewed_ahead_of_its_end() {
        let (source, clock, tokens) = tokens();
        let first = tokens.authorization().await.expect("a token");
        assert_eq!(first, "Bearer 0");
        assert!(first.is_sensitive());
        clock.store(1_000 + 840 - 61, Relaxed);
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 0");
        clock.store(1_000 + 840 - 60, Relaxed);
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 1");
        assert_eq!(source.made.load(Relaxed), 2);
    }

    #[tokio::test]
    async fn goes_on_until_its_end_where_none_can_be_made() {
        let (source, clock, tokens) = tokens();
        tokens.authorization().await.expect("a token");
        source.fails.store(true, Relaxed);
        clock.store(1_000 + 839, Relaxed);
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 0");
        clock.store(1_000 + 840, Relaxed);
        assert_eq!(tokens.authorization().await.expect_err("none").to_string(), "no credentials");
    }

    #[tokio::test]
    async fn a_hundred_requests_renew_it_once() {
        let (source, _, tokens) = tokens();
        let ask = |tokens: &Arc<Tokens>| {
            let tokens = Arc::clone(tokens);
            tokio::spawn(async move { tokens.authorization().await.expect("a token") })
        };
        let asking: Vec<_> = (0..100).map(|_| ask(&tokens)).collect();
        for answer in asking {
            assert_eq!(answer.await.expect("no panic"), "Bearer 0");
        }
        let refused = HeaderValue::from_static("Bearer 0");
        let replace = |tokens: &Arc<Tokens>| {
            let (tokens, refused) = (Arc::clone(tokens), refused.clone());
            tokio::spawn(async move { tokens.instead_of(&refused).await.expect("a token") })
        };
        let asking: Vec<_> = (0..100).map(|_| replace(&tokens)).collect();
        for answer in asking {
            assert_eq!(answer.await.expect("no panic"), "Bearer 1");
        }
        assert_eq!(source.made.load(Relaxed), 2);
    }
}
