//! Why the command ended, in one line.

use std::io;
use std::process::ExitCode;

use eks_token_host::sandbox::SandboxError;

/// One variant a cause.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error("no runtime could be made ({0})")]
    Runtime(#[source] io::Error),
    #[error("signals cannot be listened for ({0})")]
    Signals(#[source] io::Error),
    #[error("standard output cannot be written to ({0})")]
    Output(#[source] io::Error),
    #[error("{0} was not found; check its name and PATH")]
    CommandNotFound(String),
    #[error("{program} could not be started ({error})")]
    CommandNotStarted { program: String, error: io::Error },
    #[error("the end of the command could not be waited for ({0})")]
    Wait(#[source] io::Error),
}

impl Failure {
    /// Says so on standard error.
    pub(super) fn report(&self) -> ExitCode {
        eprintln!("eks-token-sandbox: {self}");
        ExitCode::from(match self {
            Self::Sandbox(SandboxError::Region(_) | SandboxError::ClusterName) => 2,
            // As shells have it.
            Self::CommandNotFound(_) => 127,
            Self::CommandNotStarted { .. } => 126,
            _ => 1,
        })
    }
}
