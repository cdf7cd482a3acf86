//! A running sandbox, and programs around it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use eks_token_host::sandbox::{Api, Clock, Identity, RequestRecord, Sandbox, SandboxOptions};
use tokio::sync::oneshot;

pub(crate) const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");

/// A sandbox on a thread of its own, and an empty home for the programs that use it.
pub(crate) struct Running {
    pub(crate) home: tempfile::TempDir,
    pub(crate) cluster: String,
    pub(crate) url: String,
    environments: [Vec<(String, String)>; 3],
    pub(crate) requests: Arc<Mutex<Vec<RequestRecord>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    pub(crate) fn with(pods: usize, change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let mut options = SandboxOptions {
            pods,
            // It stands still, so that no pod grows older between two lists.
            clock: Clock::new(move || now),
            on_request: Some(Arc::new(move |record| {
                seen.lock().expect("no panic").push(record.clone());
            })),
            ..SandboxOptions::default()
        };
        change(&mut options);
        let (started, wait) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || serve(options, &started, stopped));
        let (cluster, url, ca_pem, environments) = wait.recv().expect("it starts");
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("ca.pem"), ca_pem).expect("a file");
        Self { home, cluster, url, environments, requests, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn start(pods: usize) -> Self {
        Self::with(pods, |_| {})
    }

    /// A program with nothing around it but what leads to the sandbox.
    pub(crate) fn program(&self, name: &str, identity: Identity) -> Command {
        let [reader, no_access, stranger] = &self.environments;
        let variables = match identity {
            Identity::Reader => reader,
            Identity::NoAccess => no_access,
            Identity::Stranger => stranger,
        };
        let mut command = Command::new(name);
        command.env_clear().env("HOME", self.home.path()).stdin(Stdio::null());
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn pods(&self, identity: Identity) -> Command {
        let mut command = self.program(EKS_TOKEN, identity);
        command.args(["pods", "--cluster-name", &self.cluster]);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.pods(Identity::Reader).args(arguments).output().expect("it runs")
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.home.path().join("ca.pem")
    }

    /// The paths of the lists of pods that were asked for.
    pub(crate) fn lists(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("no panic");
        let lists = requests.iter().filter(|record| record.api == Api::Kubernetes);
        lists.map(|record| record.path.clone()).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

type Started = (String, String, String, [Vec<(String, String)>; 3]);

fn serve(options: SandboxOptions, started: &mpsc::Sender<Started>, stop: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let sandbox = Sandbox::start(options).await.expect("it starts");
        let environments = Identity::ALL.map(|identity| sandbox.environment(identity));
        let cluster = sandbox.cluster_name().as_str().to_owned();
        let url = sandbox.kubernetes_url().to_owned();
        started.send((cluster, url, sandbox.ca_pem().to_owned(), environments)).expect("they wait");
        // Stopped, or dropped with the test.
        let _ = stop.await;
    });
}
