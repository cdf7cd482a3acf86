//! A `jco serve` in front of a cluster, configured for one test.

use std::time::Duration;

use eks_token_host::sandbox::{Identity, SandboxOptions};
use eks_token_plugin_tests::{Client, Program, Upstream, free_port, plugins_folder, repository};
use serde_json::{Value, json};
use tokio::process::Command;

/// The variables of the sandbox's credentials.
const READER: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// A cluster, and the component in front of it.
pub(crate) struct Trial {
    pub(crate) upstream: Upstream,
    pub(crate) jco: Program,
    pub(crate) client: Client,
}

/// What a test wants otherwise.
pub(crate) struct Setup {
    /// The configuration, without what is the same in all.
    pub(crate) config: Value,
    /// Variables in the place of the sandbox's credentials.
    pub(crate) credentials: Option<Vec<(&'static str, String)>>,
    pub(crate) sandbox: fn(&mut SandboxOptions),
    /// Whether all of it stands in the host's store, for the component that reads that.
    pub(crate) reads_store: bool,
    /// Whether the host knows the cluster's certificate authority.
    pub(crate) knows_authority: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            config: json!({}),
            credentials: None,
            sandbox: |_| (),
            reads_store: false,
            knows_authority: true,
        }
    }
}

impl Trial {
    pub(crate) async fn start(setup: Setup) -> Self {
        let upstream = Upstream::start(setup.sandbox).await;
        let mut config = json!({
            "callers": {"authenticated_by": "nobody"},
            "credentials": {"from": "environment"},
            "clusters": [{"name": "sandbox", "region": "eu-central-1"}],
        });
        for (field, value) in setup.config.as_object().expect("an object") {
            config[field] = value.clone();
        }
        for cluster in config["clusters"].as_array_mut().expect("a list") {
            cluster["server"] = upstream.sandbox().kubernetes_url().into();
        }
        let reader = READER.map(|name| (name, upstream.variable(Identity::Reader, name)));
        let credentials = setup.credentials.unwrap_or_else(|| reader.into());
        let port = free_port();
        let folder = plugins_folder();
        let component = if setup.reads_store {
            "eks_token_proxy_config_store.wasm"
        } else {
            "eks_token_proxy.wasm"
        };
        let mut command = Command::new(folder.join("jco/node_modules/.bin/jco"));
        command
            .arg("serve")
            .arg(folder.join(component))
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .env_remove("NODE_EXTRA_CA_CERTS");
        if setup.knows_authority {
            command.env("NODE_EXTRA_CA_CERTS", upstream.ca_file());
        }
        for name in ["AWS_CREDENTIAL_EXPIRATION"].into_iter().chain(READER) {
            command.env_remove(name);
        }
        let config = [("EKS_TOKEN_CONFIG", config.to_string())];
        for (name, value) in config.into_iter().chain(credentials) {
            if setup.reads_store {
                command.env(format!("STORE_{}", name.to_ascii_lowercase()), value);
            } else {
                command.env(name, value);
            }
        }
        if setup.reads_store {
            let store = repository().join("plugins/tests/tests/wasi_http/store.mjs");
            command.arg("--jco-map").arg(format!("wasi:config/store={}", store.display()));
        }
        let log = upstream.folder().join("jco.log");
        let jco = Program::start(&mut command, &log, port).await;
        Self { upstream, jco, client: Client::new(port) }
    }
}

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
