//! The command `eks-token`: makes, reads and uses the bearer tokens of Amazon EKS.
//!
//! Only this layer reads the environment and the clock; what is below gets them as arguments.
//! Nothing goes to standard output unless the command succeeds.

mod arguments;
mod aws_arguments;
mod aws_order;
mod caller;
mod derive_key;
mod diagnose;
mod failure;
mod files;
mod get_token;
mod inspect;
mod key_file;
mod locate;
mod manual;
mod mfa;
mod moment;
mod output;
mod panics;
mod pods;
mod proxy;
mod request;
mod trace;
mod update_kubeconfig;
mod usage;
mod whoami;
mod world;

use std::future::Future;
use std::process::ExitCode;

use clap::Parser as _;
use eks_token_host::{Signer, SignerOptions};

use arguments::{Cli, Command};
use failure::Failure;
use output::Output;
use world::World;

fn main() -> ExitCode {
    panics::silence();
    let arguments = match Cli::try_parse_from(aws_order::reorder(std::env::args_os())) {
        Ok(arguments) => arguments,
        Err(error) => return usage::report(&error),
    };
    trace::start(arguments.verbosity);
    let world = World::observe();
    match run(&arguments, &world) {
        Ok(output) => output.write(),
        Err(failure) => failure.report(),
    }
}

fn run(arguments: &Cli, world: &World) -> Result<Output, Failure> {
    let signer = || signer(arguments);
    match &arguments.command {
        Command::GetToken(arguments) => wait_for(get_token::run(arguments, world, &signer()?)),
        Command::UpdateKubeconfig(arguments) => wait_for(update_kubeconfig::run(arguments, world)),
        Command::Pods(arguments) => wait_for(pods::run(arguments, world, &signer()?)),
        Command::Proxy(arguments) => proxy::run(arguments, world, &signer()?),
        Command::Inspect(arguments) => inspect::run(arguments, world, &signer()?),
        Command::Diagnose(arguments) => wait_for(diagnose::run(arguments, world, &signer()?)),
        Command::Whoami(arguments) => wait_for(whoami::run(arguments, world, &signer()?)),
        Command::DeriveKey(arguments) => wait_for(derive_key::run(arguments, world, &signer()?)),
        Command::Completions { shell } => Ok(manual::completions(*shell)),
        Command::Man { command } => manual::man(command.as_deref()),
    }
}

/// One call at a time needs one memory.
#[cfg_attr(not(feature = "compiler"), expect(unused_variables, reason = "the component is fixed"))]
fn signer(arguments: &Cli) -> Result<Signer, Failure> {
    let options = SignerOptions { concurrency: 1, ..SignerOptions::default() };
    #[cfg(feature = "compiler")]
    if let Some(path) = &arguments.component {
        let wasm = files::read_component(path)?;
        return Ok(Signer::from_component(&wasm, &options)?);
    }
    Ok(Signer::with_options(&options)?)
}

/// On this thread: there is one thing to do at a time.
fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let result = runtime.block_on(work);
    // A name that is still being resolved is not waited for.
    runtime.shutdown_background();
    result
}
