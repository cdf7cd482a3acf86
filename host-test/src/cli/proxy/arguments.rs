//! The options of `eks-token proxy`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use eks_token_host::aws::ClusterName;
use eks_token_host::proxy::rules::{PathPattern, Rule};
use eks_token_host::proxy::{
    HostName, Interactive, InvalidHostName, InvalidListenAddress, InvalidOrigin, ListenAddress,
    Origin,
};

use crate::arguments::{Target, cluster_name};
use crate::aws_arguments::Aws;

const LISTEN_HELP: &str = "Listen on this address, or on a Unix socket as unix:/PATH; elsewhere \
                           than on loopback only with --client-ca [default: 127.0.0.1:8001]";
const CALLERS: &str = "Callers";
const RULES: &str = "What may pass";

#[derive(Debug, Args)]
#[command(
    after_help = "Whoever reaches the proxy acts at the cluster as the identity whose credentials \
it uses. It listens on loopback or on a Unix socket (mode 0600), and elsewhere only where callers \
show a client certificate. By default only reading passes: GET and HEAD, but no exec, attach, \
port-forward or proxy.

SIGHUP reads the configuration, the certificates and the AWS settings anew. SIGTERM and Ctrl-C end \
it once what is under way has ended; a second one ends it at once.

Examples:
  eks-token proxy --cluster-name dev --region eu-central-1
  kubectl --server http://127.0.0.1:8001 get pods -A
  eks-token proxy --cluster-name dev --listen unix:/run/user/1000/dev.sock
  eks-token proxy --cluster-name dev --allow 'POST,PATCH /apis/apps/v1/namespaces/web/**' \\
    --interactive exec,port-forward
  eks-token proxy --config proxy.yaml --metrics-listen 127.0.0.1:9090"
)]
pub(crate) struct Proxy {
    /// The cluster's name or ARN.
    #[arg(long, value_name = "NAME", value_parser = cluster_name, required_unless_present = "config")]
    pub(crate) cluster_name: Option<ClusterName>,
    /// Several clusters, by port, host or path: a YAML file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cluster_name", "region", "profile", "role_arn", "cache", "server", "tls_server_name", "proxy_url", "listen", "accept_host", "allow_origin", "allow", "interactive", "tls_certificate"])]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) aws: Aws,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Listen on this address.
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address, help = LISTEN_HELP)]
    pub(crate) listen: Option<ListenAddress>,
    /// Serve Prometheus' /metrics on this address.
    #[arg(long, value_name = "IP:PORT")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// At the end, wait this long for what is under way, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) drain: Option<Duration>,
    #[command(flatten)]
    pub(crate) callers: CallerArguments,
    #[command(flatten)]
    pub(crate) rules: RuleArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CallerArguments {
    /// Be called by this name, too; others, but for loopback, are taken for a web page's.
    #[arg(help_heading = CALLERS, long, value_name = "HOST[:PORT]", value_parser = host_name)]
    pub(crate) accept_host: Vec<HostName>,
    /// Let web pages of this origin call; all others are refused.
    #[arg(help_heading = CALLERS, long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) allow_origin: Vec<Origin>,
    /// Speak TLS, with this certificate and its chain (PEM).
    #[arg(help_heading = CALLERS, long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The certificate's key (PEM).
    #[arg(help_heading = CALLERS, long, value_name = "FILE", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Take callers with a certificate signed by this authority only (PEM).
    #[arg(help_heading = CALLERS, long, value_name = "FILE", requires = "tls_certificate")]
    pub(crate) client_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RuleArguments {
    /// Let this pass beside reading, as 'METHODS PATH': * is one segment, ** at the end the rest.
    #[arg(help_heading = RULES, long, value_name = "METHODS PATH", value_parser = rule)]
    pub(crate) allow: Vec<Rule>,
    /// Let these ways into containers pass: exec, attach, port-forward, proxy.
    #[arg(help_heading = RULES, long, value_name = "NAME", value_delimiter = ',', value_parser = interactive)]
    pub(crate) interactive: Vec<Interactive>,
}

fn listen_address(text: &str) -> Result<ListenAddress, InvalidListenAddress> {
    text.try_into()
}

fn host_name(text: &str) -> Result<HostName, InvalidHostName> {
    text.try_into()
}

fn origin(text: &str) -> Result<Origin, InvalidOrigin> {
    text.try_into()
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse::<u32>().ok();
    seconds.map(|seconds| Duration::from_secs(seconds.into())).ok_or("it must be whole seconds")
}

fn interactive(text: &str) -> Result<Interactive, &'static str> {
    let named = Interactive::NAMED.iter().find(|(name, _)| *name == text);
    named.map(|(_, way)| *way).ok_or("it must be exec, attach, port-forward or proxy")
}

fn rule(text: &str) -> Result<Rule, String> {
    let form = "it must be 'METHODS PATH', such as 'POST,PATCH /api/v1/namespaces/web/**'";
    let (methods, path) = text.split_once(' ').ok_or(form)?;
    let methods: Vec<_> = methods.split(',').map(ToOwned::to_owned).collect();
    if !methods.iter().all(|method| super::METHODS.contains(&method.as_str())) {
        return Err(format!("the methods must be of {}", super::METHODS.join(", ")));
    }
    let path = PathPattern::try_from(path).map_err(|error| format!("the path {error}"))?;
    Ok(Rule { methods, paths: vec![path] })
}
