//! The command as a process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::upstream::Upstream;

const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `eks-token proxy`. Killed where the test forgets it.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    /// Of what it says on standard error.
    pub(crate) said: Vec<String>,
    pub(crate) address: SocketAddr,
}

/// With credentials that nobody asks for, in front of a made-up cluster.
pub(crate) fn before(upstream: &Upstream, home: &Path) -> Command {
    let authority = home.join("ca.pem");
    std::fs::write(&authority, &upstream.authority).expect("a file");
    let mut command = alone(home);
    command.args(["--cluster-name", "made-up", "--region", "eu-central-1"]);
    command.args(["--listen", "127.0.0.1:0", "--server", &upstream.url()]);
    command.arg("--certificate-authority").arg(authority);
    command
}

/// The same without a word about clusters.
pub(crate) fn alone(home: &Path) -> Command {
    let mut command = Command::new(EKS_TOKEN);
    command.env_clear().env("HOME", home).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    command.stdin(Stdio::null()).arg("proxy");
    command
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let address = ([127, 0, 0, 1], 0).into();
        let mut process = Self { child, lines, said: Vec::new(), address };
        let line = process.wait_for("listening on ");
        if let Some(address) = line.split("://").nth(1) {
            process.address = address.parse().expect("an address");
        }
        process
    }

    /// Waits for a line on standard error.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("it never says {text:?}: {:#?}", self.said)
                }
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("a number");
        kill(Pid::from_raw(pid), signal).expect("it runs");
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end: {:#?}", self.said);
            thread::sleep(Duration::from_millis(5));
        };
        self.said.extend(self.lines.iter());
        status
    }

    /// The most memory that it ever had, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        peak_memory(&self.child.id().to_string())
    }
}

/// `VmHWM` of a process.
pub(crate) fn peak_memory(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kibibytes * 1024
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
