//! What one listener serves: who may call, where a request goes, and whether it may pass.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use eks_token_gateway::{Refusal, RequestLine, Rules};
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use rustls::ServerConfig;
use tokio_util::task::TaskTracker;
use tracing::info;

use super::answer::Denial;
use super::body::{Body, Upload};
use super::callers::Check;
use super::cluster::Cluster;
use super::exchange::{Answered, Exchange};
use super::headers;
use super::host::{Host, HostName};
use super::metrics::{Metrics, Open};
use super::options::{ListenerOptions, PathPrefix};
use super::server_tls::ServerTls;
use super::tunnel;
use crate::kube::TransportFault;

/// All that a request needs. A reload puts another in its place; what is under way keeps this one.
pub(super) struct Site {
    pub(super) tls: Option<Arc<ServerConfig>>,
    check: Check,
    /// In the order in which they are tried.
    routes: Vec<ServedRoute>,
    metrics: Arc<Metrics>,
    tunnels: TaskTracker,
}

struct ServedRoute {
    host: Option<HostName>,
    path: PathPrefix,
    rules: Rules,
    cluster: Arc<Cluster>,
}

impl Site {
    /// `address` is where it really listens. Must be called within a tokio runtime.
    pub(super) fn new(
        options: ListenerOptions,
        address: Option<SocketAddr>,
        metrics: &Arc<Metrics>,
        tunnels: &TaskTracker,
    ) -> Self {
        let mut callers = options.callers;
        callers.accept_hosts.extend(options.routes.iter().filter_map(|route| route.host.clone()));
        let mut routes: Vec<_> = options
            .routes
            .into_iter()
            .map(|route| ServedRoute {
                cluster: Cluster::new(&route.upstream, metrics),
                host: route.host,
                path: route.path,
                rules: route.rules,
            })
            .collect();
        routes.sort_by_key(|route| {
            std::cmp::Reverse((route.host.is_some(), route.path.as_str().len()))
        });
        Self {
            check: Check { callers, address, is_tls: options.tls.is_some() },
            tls: options.tls.as_ref().map(ServerTls::config),
            routes,
            metrics: Arc::clone(metrics),
            tunnels: tunnels.clone(),
        }
    }

    pub(super) fn clusters(&self) -> impl Iterator<Item = &Arc<Cluster>> {
        self.routes.iter().map(|route| &route.cluster)
    }

    /// Answers a request that came in at `local`.
    pub(super) async fn answer(
        &self,
        mut request: Request<Incoming>,
        local: Option<SocketAddr>,
    ) -> Response<Body> {
        let begun = Instant::now();
        // HTTP/2 has no such upgrade.
        let is_upgrade =
            request.version() < Version::HTTP_2 && headers::asks_for_upgrade(request.headers());
        let upgrade = is_upgrade.then(|| hyper::upgrade::on(&mut request));
        let (head, body) = request.into_parts();
        let (route, path) = match self.admit(&head, local, is_upgrade) {
            Ok(admitted) => admitted,
            Err(denial) => return self.deny(&head, &denial),
        };
        let cluster = &*route.cluster;
        let exchange = Exchange { cluster, head: &head, path, is_upgrade };
        let answer = match exchange.run(Upload::new(body)).await {
            Ok(answered) => self.pass(answered, upgrade, cluster),
            Err(denial) => Err(denial),
        };
        let answer = answer.unwrap_or_else(|denial| {
            if matches!(denial, Denial::Transport(_) | Denial::NotLocated(_)) {
                cluster.metrics.upstream_errors.inc();
            }
            self.deny(&head, &denial)
        });
        cluster.metrics.durations.observe(begun.elapsed().as_secs_f64());
        cluster.metrics.answered(&head.method, answer.status());
        info!(
            cluster = &*cluster.metrics.cluster,
            method = head.method.as_str(),
            path = head.uri.path(),
            status = answer.status().as_u16(),
            "answered"
        );
        answer
    }

    /// Where the request goes, and the path that the cluster is to get.
    fn admit<'a>(
        &'a self,
        head: &'a http::request::Parts,
        local: Option<SocketAddr>,
        upgrade: bool,
    ) -> Result<(&'a ServedRoute, &'a str), Denial> {
        let host = self.check.admit(head, local).map_err(Denial::Stranger)?;
        let target = head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        let (route, path) = self.route(host, target).ok_or(Denial::Refused(Refusal::NoCluster))?;
        let line = RequestLine { method: head.method.as_str(), path, upgrade };
        route.rules.check(&line).map_err(Denial::Refused)?;
        Ok((route, path))
    }

    fn route<'a>(&'a self, host: Host<'_>, path: &'a str) -> Option<(&'a ServedRoute, &'a str)> {
        let port = self.check.address.map(|address| address.port());
        let is_meant =
            |route: &ServedRoute| route.host.as_ref().is_none_or(|name| name.fits(host, port));
        let mut routes = self.routes.iter().filter(|route| is_meant(route));
        routes.find_map(|route| Some((route, route.path.strip(path)?)))
    }

    /// The cluster's answer, as the caller gets it.
    fn pass(
        &self,
        (answer, lease): Answered,
        upgrade: Option<OnUpgrade>,
        cluster: &Cluster,
    ) -> Result<Response<Body>, Denial> {
        let is_upgraded = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        if !is_upgraded {
            let (mut head, body) = answer.into_parts();
            headers::for_caller(&mut head.headers, false);
            return Ok(Response::from_parts(head, Body::passing(body, lease)));
        }
        let Some(caller) = upgrade else {
            let reason = "it switched protocols without being asked to".to_owned();
            return Err(Denial::Transport(TransportFault::Other(reason)));
        };
        let mut answer = answer;
        let tunnel = tunnel::run(caller, hyper::upgrade::on(&mut answer));
        let open = Open::count(&self.metrics.tunnels);
        cluster.metrics.upgrades.inc();
        self.tunnels.spawn(async move {
            tunnel.await;
            drop((open, lease));
        });
        let (mut head, _) = answer.into_parts();
        headers::for_caller(&mut head.headers, true);
        Ok(Response::from_parts(head, Body::empty()))
    }

    fn deny(&self, head: &http::request::Parts, denial: &Denial) -> Response<Body> {
        self.metrics.refused(denial.label());
        let answer = denial.answer();
        info!(
            method = head.method.as_str(),
            path = head.uri.path(),
            status = answer.status().as_u16(),
            reason = denial.label(),
            "refused"
        );
        answer
    }
}
