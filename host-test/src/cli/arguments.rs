//! The command line. Every value is checked here, and is of its own type behind here.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use eks_token_host::aws::ClusterName;
use eks_token_host::kube::{InvalidNamespace, InvalidServerUrl, Namespace, ServerUrl};
use eks_token_host::{Cluster, Day, Error, Invalid, Partition, Region, SigningTime};

pub(crate) use crate::aws_arguments::Aws;
use crate::proxy::Proxy;
use crate::update_kubeconfig::UpdateKubeconfig;

/// Makes, reads and uses the bearer tokens of Amazon EKS.
#[derive(Debug, Parser)]
#[command(
    name = "eks-token",
    version,
    subcommand_required = true,
    after_help = "Examples:
  eks-token get-token --cluster-name dev --region eu-central-1
  eks-token pods --cluster-name dev --region eu-central-1 -A -o wide
  eks-token get-token --cluster-name dev --region eu-central-1 | eks-token inspect"
)]
pub(crate) struct Cli {
    /// Sign with this component instead of the one built in.
    #[cfg(feature = "compiler")]
    #[arg(long, global = true, hide = true, value_name = "FILE.wasm")]
    pub(crate) component: Option<PathBuf>,
    /// Tell on standard error what is done; -vv how, -vvv also what the connections do.
    #[arg(short = 'v', action = ArgAction::Count, global = true)]
    pub(crate) verbosity: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a token for a cluster, as an exec plugin of kubectl and its like.
    GetToken(GetToken),
    /// Write a cluster into a kubeconfig, with this program as its exec plugin.
    UpdateKubeconfig(UpdateKubeconfig),
    /// List the pods of a cluster.
    Pods(Pods),
    /// Stand before clusters and add a token to what passes.
    Proxy(Box<Proxy>),
    /// Say what a token holds, and whether and why a cluster refuses it.
    Inspect(Inspect),
    /// Walk the way that a token goes, and say where it breaks and what to do.
    Diagnose(Diagnose),
    /// Say whose credentials these are, as a cluster would learn it from STS.
    Whoami(Whoami),
    /// Derive keys that sign tokens for a day, for hosts that should not hold the secret.
    DeriveKey(DeriveKey),
    /// Print a script that completes this command's options in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual, for man(1).
    Man {
        /// Of this command alone.
        command: Option<String>,
    },
}

const AWS_AUTH_HELP: &str = "The ConfigMap aws-auth (YAML or JSON), from someone who may read it";
const PROXY_URL_HELP: &str = "The proxy to the API server [default: HTTPS_PROXY]";

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  eks-token get-token --cluster-name dev --region eu-central-1
  eks-token get-token --cluster-name arn:aws:eks:eu-central-1:111122223333:cluster/dev
  eks-token get-token --cluster-name dev --role-arn arn:aws:iam::111122223333:role/deploy --cache
  eks-token get-token --cluster-name dev --signing-key keys.json --token-only")]
pub(crate) struct GetToken {
    /// The cluster's name or ARN.
    #[arg(long, value_name = "NAME", value_parser = cluster_name, required_unless_present = "cluster_id")]
    pub(crate) cluster_name: Option<ClusterName>,
    /// Sign for this text as it is: the id of a local cluster on Outposts, or of a server of
    /// aws-iam-authenticator.
    #[arg(short = 'i', long, value_name = "ID", value_parser = cluster, conflicts_with = "cluster_name")]
    pub(crate) cluster_id: Option<Cluster>,
    #[command(flatten)]
    pub(crate) aws: Aws,
    /// Print the token itself, without the JSON around it.
    #[arg(long)]
    pub(crate) token_only: bool,
    /// Sign as of this time, in Unix seconds: the same token every time.
    #[arg(long, value_name = "UNIX", value_parser = signing_time, allow_negative_numbers = true)]
    pub(crate) signed_at: Option<SigningTime>,
    /// Sign with the keys in this file, made by derive-key.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "role_arn", "cache"])]
    pub(crate) signing_key: Option<PathBuf>,
    /// Taken because kubeconfigs of the AWS CLI say it; there is no other form.
    #[arg(long, hide = true, value_parser = ["json"])]
    output: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  eks-token pods --cluster-name dev --region eu-central-1 -n kube-system
  eks-token pods --cluster-name dev -A -l app=web -o wide
  eks-token pods --cluster-name dev --server https://10.0.0.1 --certificate-authority ca.crt")]
pub(crate) struct Pods {
    /// The cluster's name or ARN.
    #[arg(long, value_name = "NAME", value_parser = cluster_name)]
    pub(crate) cluster_name: ClusterName,
    #[command(flatten)]
    pub(crate) aws: Aws,
    /// The namespace [default: default]
    #[arg(short, long, value_name = "NS", value_parser = namespace, conflicts_with = "all_namespaces")]
    pub(crate) namespace: Option<Namespace>,
    /// All namespaces.
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// Only pods with these labels, as in app=web,tier!=cache
    #[arg(short = 'l', long)]
    pub(crate) selector: Option<String>,
    /// The form of the list.
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: PodOutput,
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Where the API server is, and the way there.
#[derive(Debug, Clone, Args)]
pub(crate) struct Target {
    /// The API server, instead of asking AWS for it.
    #[arg(long, value_name = "https://…", value_parser = server_url, requires = "certificate_authority")]
    pub(crate) server: Option<ServerUrl>,
    /// The cluster's certificate authority: a PEM file.
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(crate) certificate_authority: Option<PathBuf>,
    /// The name in the server's certificate, where that is not the one in its address.
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_server_name: Option<String>,
    /// The proxy to the API server.
    #[arg(long, value_name = "URL", help = PROXY_URL_HELP)]
    pub(crate) proxy_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PodOutput {
    /// A table as kubectl prints it.
    #[default]
    Table,
    /// The same with more columns.
    Wide,
    /// A v1 List in JSON.
    Json,
    /// A v1 List in YAML.
    Yaml,
    /// pod/NAME, one a line.
    Name,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The token, or an ExecCredential with one in it, is read from standard input: \
an argument would show in the list of processes.

Exit status: 0 where a cluster and STS would accept it, 1 where not.

Examples:
  eks-token get-token --cluster-name dev --region eu-central-1 | eks-token inspect
  eks-token inspect --file token.txt --at 1700000000 -o json"
)]
pub(crate) struct Inspect {
    /// Read this file instead of standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Judge as of this time, in Unix seconds [default: now]
    #[arg(long, value_name = "UNIX", value_parser = signing_time, allow_negative_numbers = true)]
    pub(crate) at: Option<SigningTime>,
    /// Judge as a cluster of this partition [default: that of the token's host]
    #[arg(long, value_parser = partition)]
    pub(crate) partition: Option<Partition>,
    /// The form of the answer.
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: ReportOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportOutput {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The way: credentials, region, DescribeCluster, the API server's address and \
certificate, the token, STS and the clock, the cluster's access entries or aws-auth, and the API \
server's answer. It ends at the first step that is broken.

Exit status: 0 where all of it works, 1 where not.

Examples:
  eks-token diagnose --cluster-name dev --region eu-central-1
  eks-token diagnose --cluster-name dev -n kube-system -o json
  kubectl -n kube-system get configmap aws-auth -o yaml > aws-auth.yaml   # by someone who may
  eks-token diagnose --cluster-name dev --aws-auth aws-auth.yaml"
)]
pub(crate) struct Diagnose {
    /// The cluster's name or ARN.
    #[arg(long, value_name = "NAME", value_parser = cluster_name)]
    pub(crate) cluster_name: ClusterName,
    #[command(flatten)]
    pub(crate) aws: Aws,
    /// The namespace whose pods are asked for [default: default]
    #[arg(short, long, value_name = "NS", value_parser = namespace)]
    pub(crate) namespace: Option<Namespace>,
    /// The mappings of the cluster.
    #[arg(long, value_name = "FILE", help = AWS_AUTH_HELP)]
    pub(crate) aws_auth: Option<PathBuf>,
    /// The form of the answer.
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: ReportOutput,
    #[command(flatten)]
    pub(crate) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "STS is sent what a cluster sends it: the presigned request of a token.

Examples:
  eks-token whoami --region eu-central-1
  eks-token whoami --role-arn arn:aws:iam::111122223333:role/deploy -o json")]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) aws: Aws,
    /// The form of the answer.
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) output: ReportOutput,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A key signs every STS request of its day and region, so treat the file as a \
secret. Derive it from the temporary credentials of a role that may do nothing at STS.

Examples:
  eks-token derive-key --region eu-central-1 --output keys.json
  eks-token get-token --cluster-name dev --signing-key keys.json"
)]
pub(crate) struct DeriveKey {
    #[command(flatten)]
    pub(crate) aws: Aws,
    /// The first UTC day; its successor follows [default: today]
    #[arg(long, value_name = "YYYYMMDD", value_parser = day)]
    pub(crate) day: Option<Day>,
    /// Write this file (mode 0600) instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Derive even from the long-lived key (AKIA…) of an IAM user.
    #[arg(long)]
    pub(crate) force: bool,
}

pub(crate) fn cluster_name(text: &str) -> Result<ClusterName, Error> {
    text.to_owned().try_into()
}

fn cluster(text: &str) -> Result<Cluster, Error> {
    text.to_owned().try_into()
}

pub(crate) fn region(text: &str) -> Result<Region, Error> {
    text.to_owned().try_into()
}

fn signing_time(text: &str) -> Result<SigningTime, Error> {
    let seconds = text.parse().map_err(|_| Error::SignedAt(Invalid::OutOfRange))?;
    SigningTime::from_unix_seconds(seconds)
}

fn partition(text: &str) -> Result<Partition, Error> {
    text.try_into()
}

fn namespace(text: &str) -> Result<Namespace, InvalidNamespace> {
    text.to_owned().try_into()
}

fn server_url(text: &str) -> Result<ServerUrl, InvalidServerUrl> {
    text.try_into()
}

fn day(text: &str) -> Result<Day, &'static str> {
    const ALLOWED: &str = "the day must be in the calendar, as YYYYMMDD";
    let number: u32 = text.parse().map_err(|_| ALLOWED)?;
    Day::try_from(number).map_err(|_| ALLOWED)
}
