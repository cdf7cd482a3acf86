//! A configuration with a mistake starts nothing: Envoy ends, and its log says why.

use std::fs;

use eks_token_plugin_tests::{Program, free_port, repository};
use serde_json::{Value, json};

use crate::envoy::{command, filter, plugin_configuration};

/// Whether Envoy takes the configuration, and its log.
async fn validate(configuration: &str, vm_id: &str) -> (bool, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let bootstrap = json!({"static_resources": {"listeners": [{
        "name": "edge",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": free_port()}},
        "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "edge",
                "route_config": {},
                "http_filters": [filter(configuration, vm_id), {
                    "name": "envoy.filters.http.router",
                    "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
                    },
                }],
            },
        }]}],
    }]}});
    let file = folder.path().join("envoy.json");
    fs::write(&file, bootstrap.to_string()).expect("a file");
    let mut command = command();
    command.args(["--mode", "validate", "-c"]).arg(&file);
    Program::run(&mut command, &folder.path().join("envoy.log")).await
}

#[tokio::test]
async fn each_mistake_is_refused_at_the_start_with_its_reason() {
    let file = repository().join("plugins/gateway/tests/data/faulty.json");
    let faulty: Vec<Value> =
        serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON");
    assert!(faulty.len() >= 25);
    for mistake in &faulty {
        let text = |name: &str| mistake[name].as_str().expect("a text");
        let (is_taken, log) = validate(text("configuration"), "eks-token").await;
        assert!(!is_taken, "{} is taken", text("kind"));
        assert!(log.contains(&format!("eks-token: {}", text("reason"))), "{}: {log}", text("kind"));
        for sign in ["panic", "RuntimeError", "unreachable", "wJalr", "not-a-hash"] {
            assert!(!log.contains(sign), "{}: {log}", text("kind"));
        }
    }
}

#[tokio::test]
async fn a_shared_vm_id_is_refused() {
    let configuration = plugin_configuration(&json!({})).to_string();
    let (is_taken, log) = validate(&configuration, "").await;
    assert!(!is_taken);
    assert!(log.contains("vm_config.vm_id is missing"), "{log}");
}

/// The negative control: without a mistake it is taken.
#[tokio::test]
async fn without_a_mistake_it_is_taken() {
    let configuration = plugin_configuration(&json!({})).to_string();
    let (is_taken, log) = validate(&configuration, "eks-token").await;
    assert!(is_taken, "{log}");
}
