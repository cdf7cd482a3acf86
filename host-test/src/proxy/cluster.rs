//! A cluster: where it is, and the token for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tower::BoxError;

use super::metrics::{ClusterMetrics, Metrics};
use super::options::Upstream;
use super::pool::Pool;
use crate::Token;
use crate::kube::located::Located;
use crate::kube::tokens::{BoxFuture, TokenSource, Tokens};

/// How often tokens and unused connections are looked after.
const CARE: Duration = Duration::from_secs(1);

/// What requests to one cluster need.
pub(super) struct Cluster {
    pub(super) located: Located<Pool>,
    pub(super) tokens: Tokens,
    pub(super) metrics: ClusterMetrics,
}

impl Cluster {
    /// Must be called within a tokio runtime.
    pub(super) fn new(upstream: &Upstream, metrics: &Metrics) -> Arc<Self> {
        let counted = Counted {
            source: Arc::clone(&upstream.tokens),
            metrics: metrics.of_cluster(&upstream.name),
        };
        let (locator, clock) = (Arc::clone(&upstream.locator), upstream.clock.clone());
        let cluster = Arc::new(Self {
            located: Located::new(locator, clock.clone(), Pool::new),
            tokens: Tokens::new(Arc::new(counted), clock),
            metrics: metrics.of_cluster(&upstream.name),
        });
        look_after(&cluster);
        cluster
    }

    /// Finds the server and makes a token, so that the first request need not.
    pub(super) async fn warm_up(&self) -> Result<(), BoxError> {
        self.located.current().await?;
        self.tokens.authorization().await?;
        Ok(())
    }
}

/// Renews the token ahead of its end and closes connections that nobody uses, until the cluster is
/// dropped.
fn look_after(cluster: &Arc<Cluster>) {
    let cluster = Arc::downgrade(cluster);
    tokio::spawn(async move {
        let mut ticks = interval(CARE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some(cluster) = cluster.upgrade() else { return };
            cluster.tokens.keep().await;
            if let Some(found) = cluster.located.found() {
                found.way.sweep();
            }
        }
    });
}

/// Counts what a source does.
struct Counted {
    source: Arc<dyn TokenSource>,
    metrics: ClusterMetrics,
}

impl TokenSource for Counted {
    fn token(&self, was_refused: bool) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async move {
            let token = self.source.token(was_refused).await;
            match &token {
                Ok(_) => self.metrics.tokens.inc(),
                Err(error) => {
                    tracing::warn!(cluster = &*self.metrics.cluster, %error, "no token");
                    self.metrics.token_failures.inc()
                }
            };
            token
        })
    }
}
