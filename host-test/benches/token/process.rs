//! `eks-token get-token` as a process, beside `aws eks get-token` where that is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

const RUNS: usize = 15;

/// Time and memory of both, and the ratio of the medians of runs in turn.
pub(crate) fn compare() -> String {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/eks-token");
    if !ours.exists() {
        return "process: build target/release/eks-token first (make build)".to_owned();
    }
    // The largest of all children so far: ours, which are smaller, have to come first.
    let alone = median(&mut times(&ours, &[], RUNS));
    let our_memory = peak_memory();
    let Some(aws) = find("aws") else {
        return format!(
            "process, eks-token get-token {alone:>12.2} ms {our_memory:>8.1} MiB\n\
             process, aws eks get-token: the AWS CLI is not installed"
        );
    };
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        our_times.extend(times(&ours, &[], 1));
        their_times.extend(times(&aws, &["eks"], 1));
    }
    let (ours, theirs) = (median(&mut our_times), median(&mut their_times));
    let their_memory = peak_memory();
    format!(
        "process, eks-token get-token {ours:>12.2} ms {our_memory:>8.1} MiB at most\n\
         process, aws eks get-token   {theirs:>12.2} ms {their_memory:>8.1} MiB at most\n\
         ours ÷ theirs                        1/{:.0}          1/{:.1}",
        theirs / ours,
        their_memory / our_memory
    )
}

/// The largest resident set that a child had, in MiB.
#[expect(clippy::cast_precision_loss, reason = "far fewer kilobytes than 2^52")]
fn peak_memory() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts");
    usage.max_rss() as f64 / 1024.0
}

/// Milliseconds of each run, with static credentials and nothing else of the user's.
fn times(program: &Path, before: &[&str], runs: usize) -> Vec<f64> {
    let run = || {
        let start = Instant::now();
        let status = Command::new(program)
            .args(before)
            .args(["get-token", "--cluster-name", "my-cluster", "--region", "us-west-2"])
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .stdout(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(status.success(), "{} failed", program.display());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..runs).map(|_| run()).collect()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
