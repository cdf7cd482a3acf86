//! Tokens for a client that outlives them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use tokio::sync::Mutex;
use tower::BoxError;
use tracing::debug;

use super::recent_failure::RecentFailure;
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

/// For how long a token that was made because the last one was refused is not replaced, where no
/// server has ever taken it, in seconds: the cluster does not let this identity in, and no token
/// would change that.
const REFUSED_AGAIN: u64 = 10;

/// The token in use. Reading it takes no lock. Whoever finds it used up renews it, while the others
/// wait for that, or go on with the old one until its end.
pub(crate) struct Tokens {
    source: Arc<dyn TokenSource>,
    clock: Clock,
    held: ArcSwapOption<Held>,
    making: Mutex<RecentFailure>,
}

struct Held {
    authorization: HeaderValue,
    made_at: u64,
    renew_at: u64,
    expires_at: u64,
    /// Whether the one before it was refused.
    is_replacement: bool,
    was_taken: AtomicBool,
}

impl Tokens {
    pub(crate) fn new(source: Arc<dyn TokenSource>, clock: Clock) -> Self {
        Self { source, clock, held: ArcSwapOption::empty(), making: Mutex::default() }
    }

    /// The header `Authorization`, with a token that is still good for a while. Where none can be
    /// made ahead of time, the last one goes on until its end.
    pub(crate) async fn authorization(&self) -> Result<HeaderValue, BoxError> {
        let now = self.clock.now();
        match self.held.load().as_ref() {
            Some(held) if now < held.renew_at => Ok(held.authorization.clone()),
            _ => self.renewed().await,
        }
    }

    /// Another than `refused`; none where another would be refused, too.
    pub(crate) async fn instead_of(
        &self,
        refused: &HeaderValue,
    ) -> Result<Option<HeaderValue>, BoxError> {
        let mut failure = self.making.lock().await;
        if let Some(held) = self.held.load().as_ref() {
            // Somebody else was refused before, and has renewed it.
            if held.authorization != refused {
                return Ok(Some(held.authorization.clone()));
            }
            let is_young = self.clock.now() < held.made_at.saturating_add(REFUSED_AGAIN);
            if held.is_replacement && is_young && !held.was_taken.load(Relaxed) {
                return Ok(None);
            }
        }
        Ok(Some(self.make(true, &mut failure).await?.authorization.clone()))
    }

    /// The server has taken this one.
    pub(crate) fn was_taken(&self, authorization: &HeaderValue) {
        if let Some(held) = self.held.load().as_ref()
            && !held.was_taken.load(Relaxed)
            && held.authorization == authorization
        {
            held.was_taken.store(true, Relaxed);
        }
    }

    /// Renews the token where that is due and one was asked for before.
    #[cfg(feature = "proxy")]
    pub(crate) async fn keep(&self) {
        let is_due = |held: &Arc<Held>| self.clock.now() >= held.renew_at;
        if self.held.load().as_ref().is_some_and(is_due) {
            // Whoever needs it next is told why.
            let _ = self.renewed().await;
        }
    }

    async fn renewed(&self) -> Result<HeaderValue, BoxError> {
        let good = |now| self.held.load_full().filter(|held| now < held.expires_at);
        let mut failure = match (good(self.clock.now()), self.making.try_lock()) {
            (_, Ok(failure)) => failure,
            (Some(held), Err(_)) => return Ok(held.authorization.clone()),
            (None, Err(_)) => self.making.lock().await,
        };
        let now = self.clock.now();
        let held = good(now);
        if let Some(held) = held.as_ref().filter(|held| now < held.renew_at) {
            return Ok(held.authorization.clone());
        }
        match (self.make(false, &mut failure).await, held) {
            (Ok(made), _) => Ok(made.authorization.clone()),
            (Err(_), Some(held)) => Ok(held.authorization.clone()),
            (Err(error), None) => Err(error),
        }
    }

    async fn make(
        &self,
        was_refused: bool,
        failure: &mut RecentFailure,
    ) -> Result<Arc<Held>, BoxError> {
        if let Some(error) = failure.at(self.clock.now()) {
            return Err(error);
        }
        let token = self.source.token(was_refused).await;
        let now = self.clock.now();
        failure.note(&token, now);
        let Token { value, expires_at, .. } = token?;
        debug!(expires_at, was_refused, "a new token");
        let mut authorization = HeaderValue::try_from(format!("Bearer {value}"))?;
        authorization.set_sensitive(true);
        let lifetime = expires_at.saturating_sub(now);
        let held = Arc::new(Held {
            authorization,
            made_at: now,
            renew_at: expires_at.saturating_sub(RENEW_AHEAD.min(lifetime / 4)),
            expires_at,
            is_replacement: was_refused,
            was_taken: AtomicBool::new(false),
        });
        self.held.store(Some(Arc::clone(&held)));
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

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
            tokio::spawn(async move { tokens.instead_of(&refused).await.expect("no failure") })
        };
        let asking: Vec<_> = (0..100).map(|_| replace(&tokens)).collect();
        for answer in asking {
            assert_eq!(answer.await.expect("no panic").expect("a token"), "Bearer 1");
        }
        assert_eq!(source.made.load(Relaxed), 2);
    }

    #[tokio::test]
    async fn a_cluster_that_takes_none_is_not_shown_ever_more() {
        let (source, clock, tokens) = tokens();
        let first = tokens.authorization().await.expect("a token");
        let second = tokens.instead_of(&first).await.expect("no failure").expect("a token");
        assert_eq!(tokens.instead_of(&second).await.expect("no failure"), None);
        clock.fetch_add(REFUSED_AGAIN, Relaxed);
        let third = tokens.instead_of(&second).await.expect("no failure").expect("a token");
        // One that was taken has come to its end.
        tokens.was_taken(&third);
        assert!(tokens.instead_of(&third).await.expect("no failure").is_some());
        assert_eq!(source.made.load(Relaxed), 4);
    }

    #[tokio::test]
    async fn others_go_on_while_it_is_renewed() {
        let (source, clock, tokens) = tokens();
        tokens.authorization().await.expect("a token");
        clock.store(1_000 + 840 - 1, Relaxed);
        let lock = tokens.making.lock().await;
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 0");
        drop(lock);
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 1");
        assert_eq!(source.made.load(Relaxed), 2);
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_who_wait() {
        let (source, clock, tokens) = tokens();
        source.fails.store(true, Relaxed);
        tokens.authorization().await.expect_err("none");
        source.fails.store(false, Relaxed);
        assert_eq!(tokens.authorization().await.expect_err("none").to_string(), "no credentials");
        clock.fetch_add(1, Relaxed);
        assert_eq!(tokens.authorization().await.expect("a token"), "Bearer 0");
    }
}
