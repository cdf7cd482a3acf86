//! A proxy that runs.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::listen::ListenAddress;
use super::listener::{self, Socket};
use super::metrics::Metrics;
use super::metrics_page;
use super::options::{DRAIN, ListenerOptions, ProxyError, ProxyOptions};
use super::site::Site;

/// A proxy. It runs until [`stop`](Self::stop); dropped, it accepts nothing more and ends what is
/// under way in its own time.
pub struct Proxy {
    metrics: Arc<Metrics>,
    served: Mutex<Served>,
    tasks: TaskTracker,
}

/// What is in place until the next reload.
struct Served {
    listeners: Vec<Listening>,
    page: Option<Page>,
}

struct Listening {
    /// As it was asked for.
    requested: ListenAddress,
    local: Option<SocketAddr>,
    site: Arc<ArcSwap<Site>>,
    _stop: StopOnDrop,
}

struct Page {
    requested: SocketAddr,
    local: SocketAddr,
    _stop: StopOnDrop,
}

/// Tells what it was handed to that it is to end.
struct StopOnDrop(CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Proxy {
    /// Starts one. Must be called within a tokio runtime, which it then lives in. No cluster is
    /// asked for anything yet.
    ///
    /// # Errors
    /// [`ProxyError`], one variant a cause.
    pub async fn start(options: ProxyOptions) -> Result<Self, ProxyError> {
        let proxy = Self {
            metrics: Arc::new(Metrics::new()),
            served: Mutex::new(Served { listeners: Vec::new(), page: None }),
            tasks: TaskTracker::new(),
        };
        proxy.reload(options).await?;
        Ok(proxy)
    }

    /// Takes other options. Requests under way end as they began; addresses that stay are never
    /// closed. After an error all is as before.
    ///
    /// # Errors
    /// [`ProxyError`], one variant a cause.
    pub async fn reload(&self, options: ProxyOptions) -> Result<(), ProxyError> {
        options.check()?;
        let mut served = self.served.lock().await;
        let page = self.bind_page(options.metrics, served.page.as_ref()).await?;
        // First all that can fail.
        let mut bound = Vec::new();
        for listener in options.listeners {
            let is_open = |open: &Listening| open.requested == listener.address;
            let has_one = served.listeners.iter().any(is_open)
                && !bound
                    .iter()
                    .any(|(other, _): &(ListenerOptions, _)| other.address == listener.address);
            let socket = if has_one { None } else { Some(bind(&listener.address).await?) };
            bound.push((listener, socket));
        }
        let mut open = std::mem::take(&mut served.listeners);
        for (options, socket) in bound {
            let listening = match socket {
                Some(socket) => Some(self.listen(options, socket)),
                None => self.keep(options, &mut open),
            };
            served.listeners.extend(listening);
        }
        match page {
            PageChange::Keep => {}
            PageChange::To(page) => served.page = page,
        }
        Ok(())
    }

    /// Where it listens, in the order of the options, with the ports that it was given.
    pub async fn addresses(&self) -> Vec<ListenAddress> {
        let served = self.served.lock().await;
        let address = |it: &Listening| match it.local {
            Some(local) => ListenAddress::Tcp(local),
            None => it.requested.clone(),
        };
        served.listeners.iter().map(address).collect()
    }

    /// Whether callers at this address speak TLS.
    pub async fn speaks_tls(&self, address: &ListenAddress) -> bool {
        let served = self.served.lock().await;
        let is_there = |it: &&Listening| match (it.local, address) {
            (Some(local), ListenAddress::Tcp(address)) => local == *address,
            _ => it.requested == *address,
        };
        served.listeners.iter().find(is_there).is_some_and(|it| it.site.load().tls.is_some())
    }

    /// Where `/metrics` is, if anywhere.
    pub async fn metrics_address(&self) -> Option<SocketAddr> {
        self.served.lock().await.page.as_ref().map(|page| page.local)
    }

    /// Finds each cluster and makes a token for it, so that the first request need not. What fails
    /// is tried again at the next request; the answer is the names of those clusters, and why.
    pub async fn warm_up(&self) -> Vec<(String, String)> {
        let sites: Vec<_> =
            self.served.lock().await.listeners.iter().map(|it| it.site.load_full()).collect();
        let mut failures = Vec::new();
        for cluster in sites.iter().flat_map(|site| site.clusters()) {
            if let Err(error) = cluster.warm_up().await {
                failures.push((cluster.metrics.cluster.to_string(), error.to_string()));
            }
        }
        failures
    }

    /// Accepts nothing more, and waits for what is under way: for `drain` at most, 30 seconds where
    /// nothing is said. Whether all of it came to its end.
    pub async fn stop(self, drain: Option<Duration>) -> bool {
        let mut served = self.served.lock().await;
        served.listeners.clear();
        served.page = None;
        self.tasks.close();
        timeout(drain.unwrap_or(DRAIN), self.tasks.wait()).await.is_ok()
    }

    fn listen(&self, options: ListenerOptions, socket: Socket) -> Listening {
        let (requested, local) = (options.address.clone(), socket.local());
        let site = Site::new(options, local, &self.metrics, &self.tasks);
        let site = Arc::new(ArcSwap::from_pointee(site));
        let stop = CancellationToken::new();
        let metrics = Arc::clone(&self.metrics);
        let tasks = self.tasks.clone();
        self.tasks.spawn(listener::accept(socket, Arc::clone(&site), metrics, tasks, stop.clone()));
        Listening { requested, local, site, _stop: StopOnDrop(stop) }
    }

    /// Puts other options behind a socket that stays.
    fn keep(&self, options: ListenerOptions, open: &mut Vec<Listening>) -> Option<Listening> {
        let place = open.iter().position(|it| it.requested == options.address)?;
        let listening = open.remove(place);
        let site = Site::new(options, listening.local, &self.metrics, &self.tasks);
        listening.site.store(Arc::new(site));
        Some(listening)
    }

    async fn bind_page(
        &self,
        requested: Option<SocketAddr>,
        page: Option<&Page>,
    ) -> Result<PageChange, ProxyError> {
        if requested == page.map(|page| page.requested) {
            return Ok(PageChange::Keep);
        }
        let Some(requested) = requested else { return Ok(PageChange::To(None)) };
        let failed = |error| ProxyError::Listen { address: ListenAddress::Tcp(requested), error };
        let listener = TcpListener::bind(requested).await.map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        let stop = CancellationToken::new();
        let metrics = Arc::clone(&self.metrics);
        tokio::spawn(metrics_page::serve(listener, local, metrics, stop.clone()));
        Ok(PageChange::To(Some(Page { requested, local, _stop: StopOnDrop(stop) })))
    }
}

enum PageChange {
    Keep,
    To(Option<Page>),
}

async fn bind(address: &ListenAddress) -> Result<Socket, ProxyError> {
    let failed = |error| ProxyError::Listen { address: address.clone(), error };
    Socket::bind(address).await.map_err(failed)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").finish_non_exhaustive()
    }
}
