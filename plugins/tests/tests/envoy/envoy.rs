//! An Envoy in front of a cluster, configured for one test.

use std::fs;
use std::path::{Path, PathBuf};

use eks_token_host::sandbox::SandboxOptions;
use eks_token_plugin_tests::{
    Client, CredentialsEndpoint, Offer, POD_IDENTITY_TOKEN, Program, Upstream, free_port,
    plugins_folder,
};
use serde_json::{Value, json};
use tokio::process::Command;

/// Two workers, so that there is something to share.
const WORKERS: &str = "2";

/// A cluster, a source of credentials, and an Envoy between.
pub(crate) struct Trial {
    pub(crate) upstream: Upstream,
    pub(crate) source: CredentialsEndpoint,
    pub(crate) envoy: Program,
    pub(crate) client: Client,
    admin: Client,
    port: u16,
}

/// What a test wants otherwise.
pub(crate) struct Setup {
    /// The configuration of the plugin, without what is the same in all.
    pub(crate) plugin: Value,
    pub(crate) offer: Offer,
    pub(crate) tokens_live_for: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { plugin: json!({}), offer: Offer::EndingIn(3_600), tokens_live_for: 900 }
    }
}

impl Trial {
    pub(crate) async fn start(setup: Setup) -> Self {
        let lifetime = std::time::Duration::from_secs(setup.tokens_live_for);
        let upstream =
            Upstream::start(|options: &mut SandboxOptions| options.tokens_live_for = lifetime)
                .await;
        let source = CredentialsEndpoint::start(&upstream, setup.offer).await;
        let (port, admin) = (free_port(), free_port());
        let config = bootstrap(&upstream, source.port(), admin);
        write_listener(&upstream.folder(), port, &setup.plugin);
        let file = upstream.folder().join("envoy.json");
        fs::write(&file, config.to_string()).expect("a file");
        let log = upstream.folder().join("envoy.log");
        let envoy = Program::start(command().arg("-c").arg(&file), &log, port).await;
        let (client, admin) = (Client::new(port), Client::new(admin));
        Self { upstream, source, envoy, client, admin, port }
    }

    /// Gives Envoy another configuration of the plugin, while it runs.
    pub(crate) fn configure(&self, plugin: &Value) {
        write_listener(&self.upstream.folder(), self.port, plugin);
    }

    /// A counter of the plugin. It is told with the next tick.
    pub(crate) async fn counter(&self, name: &str) -> u64 {
        let path = format!("/stats?filter=eks_token.{name}&format=json");
        let stats = self.admin.get(&path).await.json();
        let counters = stats["stats"].as_array().expect("a list");
        counters.iter().filter_map(|counter| counter["value"].as_u64()).sum()
    }

    pub(crate) async fn config_dump(&self) -> String {
        let dump = self.admin.get("/config_dump").await;
        String::from_utf8(dump.body.to_vec()).expect("text")
    }
}

/// Everything that a plugin must be told, with `changes` in it.
pub(crate) fn plugin_configuration(changes: &Value) -> Value {
    let mut config = json!({
        "callers": {"authenticated_by": "nobody"},
        "credentials": {"from": "container", "upstream": "credentials"},
        "clusters": [{"name": "sandbox", "region": "eu-central-1"}],
    });
    for (field, value) in changes.as_object().expect("an object") {
        config[field] = value.clone();
    }
    config
}

pub(crate) fn module() -> PathBuf {
    plugins_folder().join("eks_token_proxy_wasm.wasm")
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(plugins_folder().join("proxies/bin/envoy"));
    command.args(["--concurrency", WORKERS, "--disable-hot-restart", "--log-level", "warning"]);
    command.args(["--component-log-level", "wasm:info", "--drain-time-s", "2"]);
    command
}

/// The filter itself.
pub(crate) fn filter(configuration: &str, vm_id: &str) -> Value {
    json!({
        "name": "eks-token",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": {
                "name": "eks-token",
                "vm_config": {
                    "vm_id": vm_id,
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": module()}},
                },
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": configuration,
                },
            },
        },
    })
}

/// A whole configuration of Envoy.
fn bootstrap(upstream: &Upstream, source: u16, admin: u16) -> Value {
    let folder = upstream.folder();
    fs::write(folder.join("service-account-token"), POD_IDENTITY_TOKEN).expect("a file");
    let secret = json!({"resources": [{
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
        "name": "pod_identity",
        "generic_secret": {"secret": {"filename": folder.join("service-account-token")}},
    }]});
    fs::write(folder.join("secret.json"), secret.to_string()).expect("a file");
    json!({
        "node": {"id": "edge", "cluster": "edge"},
        "admin": {"address": address(admin)},
        "dynamic_resources": {
            "lds_config": {"path_config_source": {"path": folder.join("listeners.json")}},
        },
        "static_resources": {
            "clusters": [
                {
                    "name": "eks",
                    "connect_timeout": "5s",
                    "load_assignment": endpoint("eks", upstream.port()),
                    "transport_socket": {
                        "name": "tls",
                        "typed_config": {
                            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                            "common_tls_context": {
                                "validation_context": {"trusted_ca": {"filename": upstream.ca_file()}},
                            },
                        },
                    },
                },
                {
                    "name": "credentials",
                    "connect_timeout": "1s",
                    "load_assignment": endpoint("credentials", source),
                    "typed_extension_protocol_options": {
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": pod_identity(
                            &folder.join("secret.json"),
                        ),
                    },
                },
            ],
        },
    })
}

/// The listener stands in a file of its own, which Envoy reads again when another takes its place.
fn write_listener(folder: &Path, port: u16, plugin: &Value) {
    let plugin = plugin_configuration(plugin).to_string();
    let mut listener = listener(port, &filter(&plugin, "eks-token"));
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener".into();
    let text = json!({"resources": [listener]}).to_string();
    let new = folder.join("listeners.new");
    fs::write(&new, text).expect("a file");
    fs::rename(new, folder.join("listeners.json")).expect("a file");
}

fn address(port: u16) -> Value {
    json!({"socket_address": {"address": "127.0.0.1", "port_value": port}})
}

fn endpoint(name: &str, port: u16) -> Value {
    json!({
        "cluster_name": name,
        "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(port)}}]}],
    })
}

fn listener(port: u16, filter: &Value) -> Value {
    json!({
        "name": "edge",
        "address": address(port),
        "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "edge",
                "upgrade_configs": [{"upgrade_type": "websocket"}],
                "route_config": {"virtual_hosts": [{
                    "name": "all",
                    "domains": ["*"],
                    "routes": [
                        {"name": "special", "match": {"prefix": "/special/"},
                         "route": {"cluster": "eks", "prefix_rewrite": "/", "timeout": "0s"}},
                        {"name": "all", "match": {"prefix": "/"},
                         "route": {"cluster": "eks", "timeout": "0s"}},
                    ],
                }]},
                "http_filters": [filter, {
                    "name": "envoy.filters.http.router",
                    "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
                    },
                }],
            },
        }]}],
    })
}

/// The service account's token, which Envoy adds to requests for credentials: a module cannot read
/// the file that it is in.
fn pod_identity(secret: &Path) -> Value {
    json!({
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
        "http_filters": [
            {
                "name": "envoy.filters.http.credential_injector",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
                    "overwrite": true,
                    "credential": {
                        "name": "generic",
                        "typed_config": {
                            "@type": "type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic",
                            "credential": {
                                "name": "pod_identity",
                                "sds_config": {"path_config_source": {"path": secret}},
                            },
                            "header": "authorization",
                        },
                    },
                },
            },
            {
                "name": "envoy.filters.http.upstream_codec",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
                },
            },
        ],
    })
}
