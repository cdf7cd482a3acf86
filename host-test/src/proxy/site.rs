//! What one listener serves: who may call, where a request goes, and whether it may pass.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use eks_token_gateway::{Refusal, RequestLine, Rules};
use http::request::Parts;
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use rustls::ServerConfig;
use tokio_util::task::TaskTracker;
use tracing::info;

use super::answer::Denial;
use super::body::{Body, Upload};
use super::callers::{Admitted, Check};
use super::cluster::Cluster;
use super::cors;
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
        // HTTP/2 has no such upgrade.
        let is_upgrade =
            request.version() < Version::HTTP_2 && headers::asks_for_upgrade(request.headers());
        let upgrade = is_upgrade.then(|| hyper::upgrade::on(&mut request));
        let (head, body) = request.into_parts();
        let Admitted { host, page } = match self.check.admit(&head, local) {
            Ok(admitted) => admitted,
            Err(stranger) => return self.deny(&head, &Denial::Stranger(stranger)),
        };
        let asked = page.and_then(|_| cors::preflight(&head));
        let method = asked.unwrap_or(head.method.as_str());
        let mut answer = match self.find(&head, host, method, is_upgrade) {
            Err(denial) => self.deny(&head, &denial),
            Ok(_) if asked.is_some() => cors::leave(&head),
            Ok((route, path)) => {
                let cluster = &*route.cluster;
                let exchange = Exchange { cluster, head: &head, path, is_upgrade };
                self.exchange(&exchange, body, upgrade).await
            }
        };
        if let Some(page) = page {
            cors::show(answer.headers_mut(), page);
        }
        answer
    }

    /// Asks the cluster.
    async fn exchange(
        &self,
        exchange: &Exchange<'_>,
        body: Incoming,
        upgrade: Option<OnUpgrade>,
    ) -> Response<Body> {
        let begun = Instant::now();
        let Exchange { cluster, head, .. } = *exchange;
        let answer = match exchange.run(Upload::new(body)).await {
            Ok(answered) => self.pass(answered, upgrade, cluster),
            Err(denial) => Err(denial),
        };
        let answer = answer.unwrap_or_else(|denial| {
            if matches!(denial, Denial::Transport(_) | Denial::NotLocated(_)) {
                cluster.metrics.upstream_errors.inc();
            }
            self.deny(head, &denial)
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
    fn find<'a>(
        &'a self,
        head: &'a Parts,
        host: Host<'_>,
        method: &str,
        upgrade: bool,
    ) -> Result<(&'a ServedRoute, &'a str), Denial> {
        let target = head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        let (route, path) = self.route(host, target).ok_or(Denial::Refused(Refusal::NoCluster))?;
        let line = RequestLine { method, path, upgrade };
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

    fn deny(&self, head: &Parts, denial: &Denial) -> Response<Body> {
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
