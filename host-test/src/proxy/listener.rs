//! A socket that accepts connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use super::connection;
use super::listen::ListenAddress;
use super::metrics::{Metrics, Open};
use super::site::Site;
use super::unix_socket::{self, SocketFile};

/// How long nothing is accepted after that has failed: mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that nothing is accepted at yet.
pub(super) enum Socket {
    Tcp(TcpListener, SocketAddr),
    Unix {
        listener: UnixListener,
        /// Held for its end: it removes the file.
        _file: SocketFile,
    },
}

impl Socket {
    pub(super) async fn bind(address: &ListenAddress) -> io::Result<Self> {
        match address {
            ListenAddress::Tcp(address) => {
                let listener = TcpListener::bind(address).await?;
                let local = listener.local_addr()?;
                Ok(Self::Tcp(listener, local))
            }
            ListenAddress::Unix(path) => {
                let (listener, file) = unix_socket::bind(path)?;
                Ok(Self::Unix { listener, _file: file })
            }
        }
    }

    /// With the port that it was given.
    pub(super) const fn local(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(_, local) => Some(*local),
            Self::Unix { .. } => None,
        }
    }
}

/// Accepts until `stop`.
pub(super) async fn accept(
    socket: Socket,
    site: Arc<ArcSwap<Site>>,
    metrics: Arc<Metrics>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            accepted = accept_one(&socket, &site, &metrics, &tasks, &stop) => accepted,
            () = stop.cancelled() => return,
        };
        if let Err(error) = accepted {
            warn!(%error, "cannot accept a connection");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn accept_one(
    socket: &Socket,
    site: &Arc<ArcSwap<Site>>,
    metrics: &Metrics,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> io::Result<()> {
    let (site, stop) = (Arc::clone(site), stop.clone());
    match socket {
        Socket::Tcp(listener, _) => {
            let (stream, _) = listener.accept().await?;
            let open = Open::count(&metrics.connections);
            // Else the last bytes of an answer would wait for the caller's acknowledgement.
            stream.set_nodelay(true)?;
            let local = stream.local_addr().ok();
            tasks.spawn(async move {
                connection::serve(stream, local, site, stop).await;
                drop(open);
            });
        }
        Socket::Unix { listener, .. } => {
            let (stream, _) = listener.accept().await?;
            let open = Open::count(&metrics.connections);
            tasks.spawn(async move {
                connection::serve(stream, None, site, stop).await;
                drop(open);
            });
        }
    }
    Ok(())
}
