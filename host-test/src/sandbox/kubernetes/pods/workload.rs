//! What runs in the cluster: a small shop, its jobs, and what every EKS cluster has.

/// Something that makes pods.
pub(super) struct Workload {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) controller: Controller,
    pub(super) tier: &'static str,
    pub(super) containers: &'static [Container],
    /// What its first pod is doing, so that even a few pods show something of everything.
    pub(super) first: State,
}

/// What keeps the pods, which decides on their names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Controller {
    DaemonSet,
    Job,
    ReplicaSet,
    StatefulSet,
    /// None: what made the pod does not look after it, as with `kubectl run`.
    Nobody,
}

/// A container of a pod.
pub(super) struct Container {
    pub(super) name: &'static str,
    pub(super) image: &'static str,
}

/// What a pod is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// Its last container fails again and again.
    CrashLoopBackOff,
    /// The image of its last container cannot be had.
    ImagePullBackOff,
    ContainerCreating,
    /// No node has room for it.
    Unschedulable,
    Completed,
    Error,
}

const fn container(name: &'static str, image: &'static str) -> Container {
    Container { name, image }
}

const fn workload(
    namespace: &'static str,
    name: &'static str,
    controller: Controller,
    tier: &'static str,
    containers: &'static [Container],
    first: State,
) -> Workload {
    Workload { namespace, name, controller, tier, containers, first }
}

/// What pods that are made one by one have in common.
pub(super) static UNMANAGED: Workload = workload(
    "default",
    // As the service account that pods have unless told otherwise.
    "default",
    Controller::Nobody,
    "",
    &[container("main", "registry.example.com/main:1.0.0")],
    State::Running,
);

/// All of those that the cluster starts with.
pub(super) static WORKLOADS: [Workload; 12] = [
    workload(
        "default",
        "web",
        Controller::ReplicaSet,
        "frontend",
        &[container("web", "registry.example.com/web:3.14.1")],
        State::Running,
    ),
    workload(
        "kube-system",
        "coredns",
        Controller::ReplicaSet,
        "cluster",
        &[container("coredns", "registry.example.com/eks/coredns:v1.12.1")],
        State::Running,
    ),
    workload(
        "kube-system",
        "aws-node",
        Controller::DaemonSet,
        "cluster",
        &[
            container("aws-node", "registry.example.com/eks/amazon-k8s-cni:v1.19.5"),
            container("aws-eks-nodeagent", "registry.example.com/eks/network-policy:v1.2.1"),
        ],
        State::Running,
    ),
    workload(
        "default",
        "api",
        Controller::ReplicaSet,
        "backend",
        &[
            container("api", "registry.example.com/api:8.2.0"),
            container("proxy", "registry.example.com/envoy:v1.34.1"),
        ],
        State::Running,
    ),
    workload(
        "default",
        "worker",
        Controller::ReplicaSet,
        "backend",
        &[container("worker", "registry.example.com/worker:8.2.0")],
        State::CrashLoopBackOff,
    ),
    workload(
        "jobs",
        "nightly-report",
        Controller::Job,
        "batch",
        &[container("report", "registry.example.com/report:1.0.7")],
        State::Completed,
    ),
    workload(
        "kube-system",
        "kube-proxy",
        Controller::DaemonSet,
        "cluster",
        &[container("kube-proxy", "registry.example.com/eks/kube-proxy:v1.33.0")],
        State::Running,
    ),
    workload(
        "monitoring",
        "prometheus",
        Controller::StatefulSet,
        "observability",
        &[
            container("prometheus", "registry.example.com/prometheus:v3.4.0"),
            container("config-reloader", "registry.example.com/config-reloader:v0.82.2"),
        ],
        State::Running,
    ),
    workload(
        "monitoring",
        "grafana",
        Controller::ReplicaSet,
        "observability",
        &[container("grafana", "registry.example.com/grafana:12.0.l")],
        State::ImagePullBackOff,
    ),
    workload(
        "shop",
        "checkout",
        Controller::ReplicaSet,
        "backend",
        &[
            container("checkout", "registry.example.com/checkout:2.71.8"),
            container("proxy", "registry.example.com/envoy:v1.34.1"),
        ],
        State::Running,
    ),
    workload(
        "shop",
        "search",
        Controller::StatefulSet,
        "backend",
        &[container("search", "registry.example.com/search:9.0.1")],
        State::Unschedulable,
    ),
    workload(
        "shop",
        "cart",
        Controller::ReplicaSet,
        "frontend",
        &[container("cart", "registry.example.com/cart:1.41.4")],
        State::Running,
    ),
];
