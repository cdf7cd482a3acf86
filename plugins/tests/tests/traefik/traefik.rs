//! A Traefik in front of a cluster, configured for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use eks_token_host::sandbox::{Identity, SandboxOptions};
use eks_token_plugin_tests::{Client, Program, Upstream, free_port, plugins_folder, repository};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

/// A path that is refused to everybody by something else than the plugin.
const READY: &str = "/-/ready";

/// A cluster, a file of credentials, and a Traefik between.
pub(crate) struct Trial {
    pub(crate) upstream: Upstream,
    pub(crate) traefik: Program,
    pub(crate) client: Client,
}

/// What a test wants otherwise.
pub(crate) struct Setup {
    /// The configuration of the plugin, without what is the same in all.
    pub(crate) plugin: Value,
    /// What is in the file of credentials; what the sandbox gives, where there is nothing.
    pub(crate) credentials: Option<String>,
    pub(crate) tokens_live_for: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { plugin: json!({}), credentials: None, tokens_live_for: 900 }
    }
}

impl Trial {
    pub(crate) async fn start(setup: Setup) -> Self {
        let lifetime = Duration::from_secs(setup.tokens_live_for);
        let upstream =
            Upstream::start(|options: &mut SandboxOptions| options.tokens_live_for = lifetime)
                .await;
        let folder = upstream.folder();
        fs::create_dir(folder.join("mounted")).expect("a folder");
        let text = setup.credentials.unwrap_or_else(|| shared_file(&upstream, None));
        fs::write(credentials_file(&upstream), text).expect("a file");
        let port = free_port();
        write_static(&folder, port);
        write_dynamic(&upstream, &plugin_configuration(&setup.plugin));
        let log = folder.join("traefik.log");
        let traefik = Program::start(&mut command(&folder), &log, port).await;
        let client = Client::new(port);
        until_ready(&client, &traefik).await;
        Self { upstream, traefik, client }
    }

    pub(crate) fn replace_credentials(&self, text: &str) {
        let (file, new) = (credentials_file(&self.upstream), self.upstream.folder().join("new"));
        fs::write(&new, text).expect("a file");
        fs::rename(new, file).expect("a file");
    }
}

/// It listens before it has read its dynamic configuration: until then it knows no path.
async fn until_ready(client: &Client, traefik: &Program) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while client.get(READY).await.status != 403 {
        assert!(Instant::now() < deadline, "{}", traefik.log());
        sleep(Duration::from_millis(10)).await;
    }
}

/// A shared credentials file, with an end where there is one.
pub(crate) fn shared_file(upstream: &Upstream, end: Option<&str>) -> String {
    let variable = |name| upstream.variable(Identity::Reader, name);
    let end = end.map_or(String::new(), |end| format!("x_security_token_expires = {end}\n"));
    format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n{end}",
        variable("AWS_ACCESS_KEY_ID"),
        variable("AWS_SECRET_ACCESS_KEY"),
        variable("AWS_SESSION_TOKEN"),
    )
}

pub(crate) fn plugin_configuration(changes: &Value) -> Value {
    let mut config = json!({
        "callers": {"authenticated_by": "nobody"},
        "credentials": {"from": "file", "path": "/run/eks-token/credentials"},
        "clusters": [{"name": "sandbox", "region": "eu-central-1"}],
    });
    for (field, value) in changes.as_object().expect("an object") {
        config[field] = value.clone();
    }
    config
}

pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(plugins_folder().join("proxies/bin/traefik"));
    command.arg("--configfile").arg(folder.join("traefik.yaml")).current_dir(folder);
    command
}

/// The plugin where Traefik looks for it, and Traefik's static configuration: JSON is YAML.
pub(crate) fn write_static(folder: &Path, port: u16) {
    install_plugin(folder);
    let text = json!({
        "entryPoints": {"edge": {"address": format!("127.0.0.1:{port}")}},
        "providers": {"file": {"filename": folder.join("dynamic.yaml")}},
        "global": {"checkNewVersion": false, "sendAnonymousUsage": false},
        "log": {"level": "INFO", "noColor": true},
        "experimental": {"localPlugins": {"eks-token": {
            "moduleName": "example.com/eks-token",
            "settings": {"mounts": [format!("{}:/run/eks-token:ro", folder.join("mounted").display())]},
        }}},
    });
    fs::write(folder.join("traefik.yaml"), text.to_string()).expect("a file");
}

pub(crate) fn install_plugin(folder: &Path) {
    let plugin = folder.join("plugins-local/src/example.com/eks-token");
    fs::create_dir_all(&plugin).expect("a folder");
    fs::copy(plugins_folder().join("eks_token_http_wasm.wasm"), plugin.join("plugin.wasm"))
        .expect("make plugins builds it");
    let manifest = repository().join("plugins/http-wasm/examples/manifest.yaml");
    fs::copy(manifest, plugin.join(".traefik.yml")).expect("a file");
}

fn write_dynamic(upstream: &Upstream, plugin: &Value) {
    let text = json!({"http": {
        "routers": {
            "all": {
                "rule": "PathPrefix(`/`)",
                "entryPoints": ["edge"],
                "middlewares": ["eks-token"],
                "service": "cluster",
            },
            "ready": {
                "rule": format!("Path(`{READY}`)"),
                "entryPoints": ["edge"],
                "middlewares": ["nobody"],
                "service": "cluster",
            },
        },
        "middlewares": {
            "eks-token": {"plugin": {"eks-token": plugin}},
            "nobody": {"ipAllowList": {"sourceRange": ["192.0.2.1/32"]}},
        },
        "services": {"cluster": {"loadBalancer": {
            "passHostHeader": false,
            "serversTransport": "cluster",
            "servers": [{"url": format!("https://127.0.0.1:{}", upstream.port())}],
        }}},
        "serversTransports": {"cluster": {"rootCAs": [upstream.ca_file()]}},
    }});
    fs::write(upstream.folder().join("dynamic.yaml"), text.to_string()).expect("a file");
}

fn credentials_file(upstream: &Upstream) -> PathBuf {
    upstream.folder().join("mounted/credentials")
}
