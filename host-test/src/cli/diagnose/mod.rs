//! `eks-token diagnose`

mod aws_auth;
mod look_up;
mod mapping;
mod report;
mod step;
mod walk;
mod words;

use eks_token_host::Signer;

use crate::arguments::{Diagnose, ReportOutput};
use crate::failure::Failure;
use crate::output::Output;
use crate::world::World;
use walk::Walk;

/// Walks; Ctrl-C ends it at any point.
pub(crate) async fn run(
    arguments: &Diagnose,
    world: &World,
    signer: &Signer,
) -> Result<Output, Failure> {
    let diagnosis = tokio::select! {
        diagnosis = Walk::new(arguments, world, signer).go() => diagnosis?,
        _ = tokio::signal::ctrl_c() => return Err(Failure::Interrupted),
    };
    let report = match arguments.output {
        ReportOutput::Text => report::text(&diagnosis),
        ReportOutput::Json => report::json(&diagnosis),
    };
    Ok(Output::new(report).refused(diagnosis.is_broken()))
}
