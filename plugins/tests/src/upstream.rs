//! A cluster that notes what arrives.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_host::sandbox::{Identity, RequestRecord, Sandbox, SandboxOptions};
use http::HeaderMap;
use tempfile::TempDir;

/// A sandbox, and what has arrived at its Kubernetes API.
pub struct Upstream {
    sandbox: Sandbox,
    folder: TempDir,
    headers: Arc<Mutex<Vec<HeaderMap>>>,
    requests: Arc<Mutex<Vec<RequestRecord>>>,
}

impl Upstream {
    /// Starts a sandbox.
    ///
    /// # Panics
    /// Where that fails.
    pub async fn start(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let headers: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
        let requests: Arc<Mutex<Vec<RequestRecord>>> = Arc::default();
        let (seen, recorded) = (Arc::clone(&headers), Arc::clone(&requests));
        let mut options = SandboxOptions {
            on_headers: Some(Arc::new(move |arrived: &HeaderMap| {
                seen.lock().expect("no panic").push(arrived.clone());
            })),
            on_request: Some(Arc::new(move |record: &RequestRecord| {
                recorded.lock().expect("no panic").push(record.clone());
            })),
            ..SandboxOptions::default()
        };
        change(&mut options);
        let sandbox = Sandbox::start(options).await.expect("it starts");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), sandbox.ca_pem()).expect("a file");
        Self { sandbox, folder, headers, requests }
    }

    /// The sandbox itself.
    #[must_use]
    pub const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The port of its Kubernetes API on 127.0.0.1.
    ///
    /// # Panics
    /// Never: its address has one.
    #[must_use]
    pub fn port(&self) -> u16 {
        let (_, port) = self.sandbox.kubernetes_url().rsplit_once(':').expect("a port");
        port.parse().expect("a number")
    }

    /// A file with the certificate authority of its servers.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A folder for the files of the test.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The variable of its credentials for an identity.
    ///
    /// # Panics
    /// Where there is no such variable.
    #[must_use]
    pub fn variable(&self, identity: Identity, name: &str) -> String {
        let variables = self.sandbox.environment(identity);
        variables.into_iter().find(|(found, _)| found == name).expect("a variable").1
    }

    /// The headers of each request that has arrived.
    ///
    /// # Panics
    /// Where a test has panicked with them.
    #[must_use]
    pub fn headers(&self) -> Vec<HeaderMap> {
        self.headers.lock().expect("no panic").clone()
    }

    /// How many requests have arrived.
    #[must_use]
    pub fn count(&self) -> usize {
        self.headers().len()
    }

    /// The requests that were answered, AWS's among them.
    ///
    /// # Panics
    /// Where a test has panicked with them.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.requests.lock().expect("no panic").clone()
    }

    /// The tokens that have arrived, each once, in their order.
    #[must_use]
    pub fn tokens(&self) -> Vec<String> {
        let mut tokens: Vec<String> = Vec::new();
        for headers in self.headers() {
            let value = headers.get("authorization").and_then(|value| value.to_str().ok());
            if let Some(token) = value.and_then(|value| value.strip_prefix("Bearer "))
                && !tokens.iter().any(|known| known == token)
            {
                tokens.push(token.to_owned());
            }
        }
        tokens
    }
}

/// A parameter of the presigned URL in a token.
///
/// # Panics
/// Where that is no token, or has no such parameter.
#[must_use]
pub fn parameter(token: &str, name: &str) -> String {
    let encoded = token.strip_prefix("k8s-aws-v1.").expect("a token");
    let url = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).expect("base64")).expect("text");
    let (_, query) = url.split_once('?').expect("a query");
    let value = query.split('&').find_map(|part| part.strip_prefix(&format!("{name}=")));
    value.expect("the parameter").to_owned()
}
