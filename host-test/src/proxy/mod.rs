//! A reverse proxy in front of one or more clusters, with the signer component inside.
//!
//! What passes gets a bearer token of the proxy's own identity: whoever reaches the proxy acts as
//! that identity. So it listens on loopback or on a Unix socket, and elsewhere only where callers
//! show a client certificate ([`ServerTls`]); a web page cannot use it, since the names it is
//! called by and the pages that call it are checked ([`Callers`]); whatever could say who is asking
//! is taken out of a request; and by default only reading passes ([`Rules`]).
//!
//! ```text
//! listener → callers → route → rules → token → pool → cluster
//! ```
//!
//! With the features `aws` and `proxy`, before one cluster by name:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use eks_token_host::Clock;
//! use eks_token_host::aws::Environment;
//! use eks_token_host::cluster::{ClusterAccess, ClusterOptions};
//! use eks_token_host::proxy::{
//!     Callers, ListenAddress, ListenerOptions, PathPrefix, Proxy, ProxyOptions, Route, Rules,
//!     Upstream,
//! };
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let environment: Environment = std::env::vars_os().collect();
//! let options = ClusterOptions::new("my-cluster".to_owned().try_into()?, environment);
//! let access = Arc::new(ClusterAccess::find(options).await?);
//! let upstream = Upstream {
//!     name: "my-cluster".to_owned(),
//!     locator: access.clone(),
//!     tokens: access,
//!     clock: Clock::default(),
//! };
//! let (rules, path) = (Rules::reading(), PathPrefix::default());
//! let listener = ListenerOptions {
//!     address: ListenAddress::try_from("127.0.0.1:8001")?,
//!     tls: None,
//!     callers: Callers::default(),
//!     routes: vec![Route { host: None, path, rules, upstream }],
//! };
//! let proxy = Proxy::start(ProxyOptions { listeners: vec![listener], metrics: None }).await?;
//! // …
//! proxy.stop(None).await;
//! # Ok(())
//! # }
//! ```
//!
//! # Why hyper and not Pingora
//!
//! Both could carry it. Pingora brings a runtime and a process model of its own: it forks, hands
//! its sockets to a successor, and wants to own `main`, signals and threads, none of which suits a
//! command that runs beside kubectl or a library that others embed. hyper is in the tree already,
//! below the Kubernetes client and the AWS SDK, does HTTP/1.1 and HTTP/2 with back-pressure, and
//! leaves upgrades to us: `kubectl exec` over SPDY is no WebSocket, and has to be tunnelled as it is.
//! What Pingora has beyond (caches, load balancing, many backends) one API server does not need.
//!
//! To the cluster it speaks HTTP/1.1, one connection for each concurrent request: an upgrade takes a
//! connection for itself, and a stalled watch holds up nobody else.

mod answer;
mod body;
mod callers;
mod cluster;
mod connection;
mod connector;
mod cors;
mod exchange;
mod headers;
mod host;
mod listen;
mod listener;
mod metrics;
mod metrics_page;
mod options;
mod pool;
mod running;
mod server_tls;
mod site;
mod tunnel;
mod unix_socket;

pub use callers::{Callers, InvalidOrigin, Origin};
pub use eks_token_gateway::config::ConfigError;
pub use eks_token_gateway::{Interactive, Rules, rules};
pub use host::{HostName, InvalidHostName};
pub use listen::{InvalidListenAddress, ListenAddress};
pub use options::{
    InvalidPathPrefix, ListenerOptions, PathPrefix, ProxyError, ProxyOptions, Route, Upstream,
};
pub use running::Proxy;
pub use server_tls::{InvalidServerTls, ServerTls};
