//! A configuration is taken as a whole or refused with its place, its reason and what to write
//! instead, and never with a value. `data/faulty.json` holds the mistakes; the proxies themselves are
//! asked about the same ones in `plugins/tests`.

use eks_token_gateway::config::{Config, CredentialSource, Platform};
use eks_token_gateway::{Callers, Interactive};
use serde_json::{Value, json};

fn parse(value: &Value, platform: Platform) -> Result<Config, String> {
    Config::parse(value.to_string().as_bytes(), platform).map_err(|error| error.to_string())
}

fn valid() -> Value {
    json!({
        "callers": {"authenticated_by": "client-certificate", "names": ["ci.example.com"]},
        "credentials": {"from": "container", "upstream": "pod_identity_agent"},
        "clusters": [
            {"name": "production", "region": "eu-central-1", "sts": {"fips": false, "dual_stack": true},
             "match": {"authorities": ["k8s.example.com"]}, "token_lifetime_seconds": 600},
            {"name": "staging", "region": "cn-north-1", "match": {"routes": ["staging"]}},
        ],
        "allow": [{"methods": ["GET", "POST"], "paths": ["/api/**", "/apis/apps/v1/*/*/*"]}],
        "interactive": ["exec", "port-forward"],
    })
}

#[test]
fn all_of_it_is_read() {
    let config = parse(&valid(), Platform::ProxyWasm).expect("a configuration");
    assert!(matches!(&config.callers, Callers::ClientCertificate { names } if names.len() == 1));
    assert!(matches!(&config.credentials, CredentialSource::Container(endpoint)
        if endpoint.upstream == "pod_identity_agent" && endpoint.authority == "169.254.170.23"));
    assert_eq!(config.clusters.len(), 2);
    assert_eq!(config.clusters[0].lifetime.seconds(), 600);
    assert_eq!(config.clusters[1].matches.routes, ["staging"]);
    assert_eq!(config.rules.interactive, [Interactive::Exec, Interactive::PortForward]);
}

#[test]
fn each_mistake_is_refused_with_its_reason() {
    let faulty: Vec<Value> =
        serde_json::from_str(include_str!("data/faulty.json")).expect("the file of mistakes");
    assert!(faulty.len() >= 25, "{}", faulty.len());
    for mistake in &faulty {
        let text = |name: &str| mistake[name].as_str().expect("a text");
        let error = Config::parse(text("configuration").as_bytes(), Platform::ProxyWasm)
            .expect_err(text("kind"))
            .to_string();
        assert!(error.starts_with(text("reason")), "{}: {error}", text("kind"));
        for secret in ["wJalr", "not-a-hash"] {
            assert!(!error.contains(secret), "{}: {error}", text("kind"));
        }
    }
}

#[test]
fn a_long_name_of_a_field_is_not_repeated() {
    let secret = "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtY2VudHJhbC0xLmFtYXpvbmF3cy5jb20";
    let error = parse(&json!({secret: 1}), Platform::ProxyWasm).expect_err("unknown");
    assert!(error.starts_with("(a long name): is unknown"), "{error}");
}

#[test]
fn what_a_platform_cannot_do_is_refused_there() {
    let with = |field: &str, value: Value| {
        let mut config = json!({
            "callers": {"authenticated_by": "nobody"},
            "credentials": {"from": "environment"},
            "clusters": [{"name": "production", "region": "eu-central-1"}],
        });
        config[field] = value;
        config
    };
    let cases = [
        ("callers", json!({"authenticated_by": "client-certificate"})),
        ("credentials", json!({"from": "container", "upstream": "agent"})),
        ("credentials", json!({"from": "instance-metadata", "upstream": "imds"})),
        (
            "clusters",
            json!([{"name": "a", "region": "eu-central-1", "match": {"upstreams": ["eks"]}}]),
        ),
    ];
    for (field, value) in cases {
        let config = with(field, value);
        parse(&config, Platform::ProxyWasm).expect("Envoy can");
        for platform in [Platform::HttpWasm, Platform::WasiHttp] {
            let error = parse(&config, platform).expect_err("others cannot");
            assert!(error.contains("cannot be had here"), "{error}");
        }
    }
    let file = with("credentials", json!({"from": "file", "path": "/run/credentials"}));
    parse(&file, Platform::HttpWasm).expect("Traefik can");
    parse(&file, Platform::WasiHttp).expect_err("others cannot");
}

#[test]
fn numbers_and_flags_may_be_texts() {
    let config = json!({
        "callers": {"authenticated_by": "nobody"},
        "credentials": {"from": "environment"},
        "clusters": [{"name": "a", "region": "eu-central-1", "sts": {"fips": "true"},
                      "token_lifetime_seconds": "60"}],
    });
    let config = parse(&config, Platform::HttpWasm).expect("a configuration");
    assert_eq!(config.clusters[0].lifetime.seconds(), 60);
}

#[test]
fn no_secret_is_shown_by_debug() {
    let config = json!({
        "callers": {"authenticated_by": "bearer", "sha256": ["ab".repeat(32)]},
        "credentials": {"from": "static-in-configuration", "access_key_id": "AKIDEXAMPLE",
                        "secret_access_key": "wJalrXUtnFEMI"},
        "clusters": [{"name": "a", "region": "eu-central-1"}],
    });
    let shown = format!("{:?}", parse(&config, Platform::ProxyWasm).expect("a configuration"));
    assert!(!shown.contains("wJalr") && !shown.contains("abab"), "{shown}");
}
