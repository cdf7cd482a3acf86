//! Requests without a pause, from several clients at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::Method;
use tokio::task::JoinHandle;

use crate::client::Client;

const CLIENTS: usize = 8;

/// Clients that ask for a path again and again until this is dropped.
#[derive(Debug)]
pub struct Load {
    good: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins.
    #[must_use]
    pub fn begin(client: &Client, path: &'static str) -> Self {
        let (good, failed) = (Arc::default(), Arc::default());
        let clients = (0..CLIENTS)
            .map(|_| {
                tokio::spawn(ask(client.clone(), path, Arc::clone(&good), Arc::clone(&failed)))
            })
            .collect();
        Self { good, failed, clients }
    }

    /// Ends: how many answers were 200, and how many were not.
    #[must_use]
    pub fn end(self) -> (u64, u64) {
        self.clients.iter().for_each(JoinHandle::abort);
        (self.good.load(Relaxed), self.failed.load(Relaxed))
    }
}

async fn ask(client: Client, path: &str, good: Arc<AtomicU64>, failed: Arc<AtomicU64>) {
    loop {
        match client.try_ask(Method::GET, path, &[]).await {
            Some(answer) if answer.status == 200 => good.fetch_add(1, Relaxed),
            _ => failed.fetch_add(1, Relaxed),
        };
    }
}
