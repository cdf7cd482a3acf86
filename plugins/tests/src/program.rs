//! Real programs, started for a test and ended with it.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// No program takes nearly as long to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that runs until it is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts a program, which writes its output to `log`, and waits until it listens on a port of
    /// 127.0.0.1.
    ///
    /// # Panics
    /// Where it cannot be started, ends, or does not listen: with its log.
    pub async fn start(command: &mut Command, log: &Path, port: u16) -> Self {
        let mut program = Self::spawn(command, log);
        let deadline = Instant::now() + PATIENCE;
        // A port gives no sign when somebody begins to listen: asking again is the event.
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if let Some(status) = program.child.try_wait().expect("a status") {
                panic!("it ended with {status}:\n{}", program.log());
            }
            assert!(Instant::now() < deadline, "it does not listen:\n{}", program.log());
            sleep(Duration::from_millis(10)).await;
        }
        program
    }

    /// Starts a program that is expected to end by itself, and waits for that: whether it succeeded,
    /// and its log.
    ///
    /// # Panics
    /// Where it cannot be started or does not end.
    pub async fn run(command: &mut Command, log: &Path) -> (bool, String) {
        let mut program = Self::spawn(command, log);
        let end = tokio::time::timeout(PATIENCE, program.child.wait());
        let status = end.await.expect("it ends").expect("a status");
        (status.success(), program.log())
    }

    fn spawn(command: &mut Command, log: &Path) -> Self {
        let file = fs::File::create(log).expect("a log");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a log"))
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{:?}: {error}; make test-plugins installs it", command.as_std())
            });
        Self { child, log: log.to_owned() }
    }

    /// What it has written so far.
    ///
    /// # Panics
    /// Where the log cannot be read.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).expect("a log")).into_owned()
    }
}

/// A port that nobody listens on right now.
///
/// # Panics
/// Where there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// The root of the repository.
///
/// # Panics
/// Never: this crate lies in it.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders up")
}

/// Where the programs and the built plugins are.
#[must_use]
pub fn plugins_folder() -> PathBuf {
    repository().join("target/plugins")
}
