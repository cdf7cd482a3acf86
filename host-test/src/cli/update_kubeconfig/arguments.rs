//! What `eks-token update-kubeconfig` takes: the options of its namesake in the AWS CLI, and two
//! of its own.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use eks_token_host::Region;
use eks_token_host::aws::{ClusterName, RoleArn};

use crate::arguments::{cluster_name, region};
use crate::aws_arguments::{REGION_HELP, role_arn};

#[derive(Debug, Args)]
#[command(
    after_help = "The file: --kubeconfig; else the one of KUBECONFIG that has the cluster, or its \
first; else ~/.kube/config. What else is in it stays.

Examples:
  eks-token update-kubeconfig --name dev --region eu-central-1
  eks-token update-kubeconfig --name dev --alias dev --role-arn arn:aws:iam::111122223333:role/deploy
  eks-token update-kubeconfig --name dev --dry-run"
)]
pub(crate) struct UpdateKubeconfig {
    /// The cluster's name or ARN.
    #[arg(long, alias = "cluster-name", value_name = "NAME", value_parser = cluster_name)]
    pub(crate) name: ClusterName,
    /// The cluster's region.
    #[arg(long, value_parser = region, help = REGION_HELP)]
    pub(crate) region: Option<Region>,
    /// The profile of the AWS config files; it is written into the kubeconfig, too.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Write this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The role that tokens are made with.
    #[arg(long, value_name = "ARN", value_parser = role_arn)]
    pub(crate) role_arn: Option<RoleArn>,
    /// The role that asks for the cluster now, as where it is in another account.
    #[arg(long, value_name = "ARN", value_parser = role_arn)]
    pub(crate) assume_role_arn: Option<RoleArn>,
    /// The proxy to the API server.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy_url: Option<String>,
    /// The name in the API server's certificate, where that is not the one in its address.
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_server_name: Option<String>,
    /// The context's name [default: the cluster's ARN]
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Option<String>,
    /// The user's name [default: the cluster's ARN]
    #[arg(long, value_name = "NAME")]
    pub(crate) user_alias: Option<String>,
    /// What makes the tokens.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) command: TokenCommand,
    /// Print the merged file instead of writing it.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what was written, too.
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// The command of the exec plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TokenCommand {
    /// This program.
    #[default]
    EksToken,
    /// The AWS CLI.
    Aws,
}
