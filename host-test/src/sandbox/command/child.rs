//! Runs a command within the sandbox.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus};

use eks_token_host::sandbox::CONFLICTING_VARIABLES;
use tokio::process::{Child, Command};

use super::failure::Failure;
use super::terminate::{Signal, Signals};

/// Runs it to its end, and answers with its exit code.
///
/// Ctrl-C reaches the command without our help, as it does every program in the foreground: the
/// sandbox waits for what it makes of that. Other signals that ask for an end are passed on.
pub(super) async fn run(
    program: &OsStr,
    arguments: &[OsString],
    environment: Vec<(String, String)>,
) -> Result<ExitCode, Failure> {
    // Before the command starts, so that no signal comes in between.
    let mut signals = Signals::listen()?;
    let mut command = Command::new(program);
    command.args(arguments).envs(environment).kill_on_drop(true);
    for name in CONFLICTING_VARIABLES {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| not_started(program, error))?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.map_err(Failure::Wait)?,
            signal = signals.next() => pass_on(signal, &mut child).await,
        }
    };
    Ok(ExitCode::from(exit_code(status)))
}

/// The standard library can send SIGKILL alone, which leaves a program no time to tidy up; POSIX's
/// `kill` sends the others.
async fn pass_on(signal: Signal, child: &mut Child) {
    let (name, Some(id)) = (signal.name(), child.id()) else { return };
    if signal == Signal::Interrupt {
        return;
    }
    let sent = Command::new("kill").args(["-s", name, &id.to_string()]).status().await;
    if !sent.is_ok_and(|status| status.success()) {
        // It fails where the command has ended, and then there is nothing left to end.
        let _ = child.start_kill();
    }
}

/// As shells have it: 128 and the number of the signal that ended the command.
fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn not_started(program: &OsStr, error: io::Error) -> Failure {
    let program = program.to_string_lossy().into_owned();
    if error.kind() == io::ErrorKind::NotFound {
        Failure::CommandNotFound(program)
    } else {
        Failure::CommandNotStarted { program, error }
    }
}
