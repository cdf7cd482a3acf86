//! What a proxy counts, as Prometheus reads it.

use std::sync::Arc;

use http::{Method, StatusCode};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// From 1 ms to a minute, which is when API servers give up.
const BUCKETS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0, 60.0];

/// All counters. None has a path, a user or anything else that callers choose.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    refusals: Family<ReasonLabels, Counter>,
    tokens: Family<ClusterLabels, Counter>,
    token_failures: Family<ClusterLabels, Counter>,
    upstream_errors: Family<ClusterLabels, Counter>,
    durations: Family<ClusterLabels, Histogram>,
    upgrades: Family<ClusterLabels, Counter>,
    pub(super) connections: Gauge,
    pub(super) tunnels: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    cluster: Arc<str>,
    method: &'static str,
    code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClusterLabels {
    cluster: Arc<str>,
}

/// Those of one cluster, looked up once.
pub(super) struct ClusterMetrics {
    pub(super) cluster: Arc<str>,
    pub(super) tokens: Counter,
    pub(super) token_failures: Counter,
    pub(super) upstream_errors: Counter,
    pub(super) upgrades: Counter,
    pub(super) durations: Histogram,
    requests: Family<RequestLabels, Counter>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("eks_token_proxy");
        let requests = Family::default();
        registry.register("requests", "Requests answered, by cluster", requests.clone());
        let refusals = Family::default();
        registry.register("refusals", "Requests not sent on, or not answered", refusals.clone());
        let tokens = Family::default();
        registry.register("tokens", "Tokens made", tokens.clone());
        let token_failures = Family::default();
        registry.register("token_failures", "Tokens not made", token_failures.clone());
        let upstream_errors = Family::default();
        registry.register("upstream_errors", "Clusters not reached", upstream_errors.clone());
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        let help = "Seconds from a request to the head of its answer";
        registry.register("response_seconds", help, durations.clone());
        let upgrades = Family::default();
        registry.register("upgrades", "Connections that became tunnels", upgrades.clone());
        let (connections, tunnels) = (Gauge::default(), Gauge::default());
        registry.register("connections_open", "Open connections of callers", connections.clone());
        registry.register("tunnels_open", "Open tunnels (exec and the like)", tunnels.clone());
        let durations = Family::clone(&durations);
        Self {
            registry,
            requests,
            refusals,
            tokens,
            token_failures,
            upstream_errors,
            durations,
            upgrades,
            connections,
            tunnels,
        }
    }

    pub(super) fn refused(&self, reason: &'static str) {
        self.refusals.get_or_create(&ReasonLabels { reason }).inc();
    }

    pub(super) fn of_cluster(&self, name: &str) -> ClusterMetrics {
        let cluster: Arc<str> = name.into();
        let labels = ClusterLabels { cluster: Arc::clone(&cluster) };
        ClusterMetrics {
            cluster,
            tokens: self.tokens.get_or_create_owned(&labels),
            token_failures: self.token_failures.get_or_create_owned(&labels),
            upstream_errors: self.upstream_errors.get_or_create_owned(&labels),
            upgrades: self.upgrades.get_or_create_owned(&labels),
            durations: self.durations.get_or_create_owned(&labels),
            requests: self.requests.clone(),
        }
    }

    /// The text format, which is `OpenMetrics`'.
    pub(super) fn text(&self) -> String {
        let mut page = String::new();
        // Writing to memory does not fail.
        let _ = text::encode(&mut page, &self.registry);
        page
    }
}

impl ClusterMetrics {
    pub(super) fn answered(&self, method: &Method, status: StatusCode) {
        let cluster = Arc::clone(&self.cluster);
        let labels = RequestLabels { cluster, method: label(method), code: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// Callers may make up methods; labels must be few.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// One more, for as long as this lives.
pub(super) struct Open(Gauge);

impl Open {
    pub(super) fn count(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}
