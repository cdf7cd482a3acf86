//! `eks-token whoami`

use std::fmt::Write as _;

use eks_token_host::aws::{StsAnswer, get_caller_identity};
use eks_token_host::{CallerIdentity, Cluster, Signer, SignerError};
use serde_json::json;

use crate::arguments::{ReportOutput, Whoami};
use crate::caller::Caller;
use crate::failure::Failure;
use crate::output::Output;
use crate::request::token_request;
use crate::world::World;

/// Asks STS; Ctrl-C ends it at any point.
pub(crate) async fn run(
    arguments: &Whoami,
    world: &World,
    signer: &Signer,
) -> Result<Output, Failure> {
    tokio::select! {
        output = ask(arguments, world, signer) => output,
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
    }
}

async fn ask(arguments: &Whoami, world: &World, signer: &Signer) -> Result<Output, Failure> {
    let caller = Caller::find(world, &arguments.aws, None).await?;
    let StsAnswer { verdict, .. } = ask_sts(&caller, cluster()?, world, signer).await?;
    let identity = verdict.map_err(Failure::StsRefused)?;
    Ok(Output::new(match arguments.output {
        ReportOutput::Text => text(&identity),
        ReportOutput::Json => json(&identity),
    }))
}

/// Sends STS the request inside a token for `cluster`.
pub(crate) async fn ask_sts(
    caller: &Caller,
    cluster: Cluster,
    world: &World,
    signer: &Signer,
) -> Result<StsAnswer, Failure> {
    let Caller { settings, region, credentials } = caller;
    let endpoint = settings.sts_endpoint(region);
    let request = token_request(cluster, region.clone(), endpoint, world.signing_time()?);
    let presigned = signer.presign(credentials, &request)?;
    Ok(get_caller_identity(&caller.session(world), &presigned).await?)
}

/// A name that no cluster has, for EKS allows no blank: what is signed here is no token for any.
fn cluster() -> Result<Cluster, Failure> {
    let name = Cluster::try_from("no cluster".to_owned());
    name.map_err(|error| Failure::Signer(SignerError::Refused(error)))
}

fn text(identity: &CallerIdentity) -> String {
    let mut text = String::new();
    let mut add = |label: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{label:<15} {value}");
    };
    add("ARN", &identity.arn);
    add("canonical ARN", &identity.canonical_arn());
    add("account", &identity.account);
    add("user id", &identity.user_id);
    add("session name", identity.session_name().unwrap_or("none"));
    text
}

fn json(identity: &CallerIdentity) -> String {
    let report = json!({
        "arn": identity.arn,
        "canonicalArn": identity.canonical_arn(),
        "account": identity.account,
        "userId": identity.user_id,
        "sessionName": identity.session_name(),
    });
    format!("{report:#}\n")
}
