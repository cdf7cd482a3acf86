//! The options of the command.

use std::ffi::OsString;

use clap::Parser;
use eks_token_host::sandbox::Identity;
use eks_token_host::{Cluster, Error, Region};

/// More pods than this are in no cluster.
const MAX_PODS: u32 = 1_000_000;

/// Runs a local EKS on 127.0.0.1, for trying things out: its AWS API, its Kubernetes API with
/// pods, and credentials that are good for it alone.
///
/// Without a command it prints what to export, and serves until Ctrl-C. With one it runs that
/// command within the sandbox and ends with its exit code.
#[derive(Debug, Parser)]
#[command(
    name = "eks-token-sandbox",
    version,
    after_help = "Examples:
  eks-token-sandbox --pods 2000
  eks-token-sandbox -- eks-token pods --cluster-name sandbox -A
  eks-token-sandbox --identity no-access -- sh"
)]
pub(crate) struct Arguments {
    /// How many pods there are.
    #[arg(long, value_name = "N", default_value = "12", value_parser = pods)]
    pub(crate) pods: usize,
    /// The cluster's name.
    #[arg(long, value_name = "NAME", default_value = "sandbox", value_parser = cluster)]
    pub(crate) cluster_name: Cluster,
    /// The cluster's region.
    #[arg(long, default_value = "eu-central-1", value_parser = region)]
    pub(crate) region: Region,
    /// Whose credentials to hand out.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) identity: Identity,
    /// Do not write a line for each request to standard error.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// A command to run within the sandbox, with its arguments.
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

fn pods(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count: &u32| *count <= MAX_PODS);
    count
        .and_then(|count| usize::try_from(count).ok())
        .ok_or_else(|| format!("the number of pods must be from 0 to {MAX_PODS}"))
}

fn cluster(text: &str) -> Result<Cluster, Error> {
    text.to_owned().try_into()
}

fn region(text: &str) -> Result<Region, Error> {
    text.to_owned().try_into()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::Arguments;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_command_keeps_its_own_options() {
        let arguments = ["eks-token-sandbox", "--quiet", "--", "kubectl", "get", "--quiet"];
        let arguments = Arguments::try_parse_from(arguments).expect("arguments");
        assert!(arguments.quiet);
        assert_eq!(arguments.command, ["kubectl", "get", "--quiet"]);
    }

    #[test]
    fn bad_values_are_refused() {
        for bad in [
            &["--pods", "many"][..],
            &["--pods", "1000001"],
            &["--region", "EU"],
            &["--cluster-name", ""],
            &["--identity", "root"],
            &["kubectl"],
        ] {
            let arguments = ["eks-token-sandbox"].iter().chain(bad);
            assert!(Arguments::try_parse_from(arguments).is_err(), "{bad:?}");
        }
    }
}
