//! The command line of the sandbox: serve until told to stop, or for as long as a command runs.

mod arguments;
mod child;
mod exports;
mod failure;
mod terminate;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use eks_token_host::sandbox::{RequestRecord, Sandbox, SandboxOptions};

use arguments::Arguments;
use failure::Failure;

/// Runs, and says how it ended: 0, a command's own exit code, or 1 and 2 with a line on standard
/// error.
pub(crate) fn main() -> ExitCode {
    // Help goes to standard output with 0, a wrong option to standard error with 2.
    let arguments = Arguments::parse();
    run(&arguments).unwrap_or_else(|failure| failure.report())
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    runtime.block_on(async {
        let sandbox = Sandbox::start(options(arguments)).await?;
        let result = serve(&sandbox, arguments).await;
        sandbox.stop().await;
        result
    })
}

async fn serve(sandbox: &Sandbox, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some((program, rest)) = arguments.command.split_first() {
        return child::run(program, rest, sandbox.environment(arguments.identity)).await;
    }
    // Before anything is printed: whoever reads it may send a signal at once.
    let mut signals = terminate::Signals::listen()?;
    exports::print(sandbox, arguments.identity)?;
    signals.next().await;
    Ok(ExitCode::SUCCESS)
}

fn options(arguments: &Arguments) -> SandboxOptions {
    let mut options = SandboxOptions {
        pods: arguments.pods,
        cluster_name: arguments.cluster_name.clone(),
        region: arguments.region.clone(),
        ..SandboxOptions::default()
    };
    if !arguments.quiet {
        options.on_request = Some(Arc::new(|record: &RequestRecord| eprintln!("{record}")));
    }
    options
}
