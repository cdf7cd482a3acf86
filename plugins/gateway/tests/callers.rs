//! Who may: and that strangers learn nothing of what may pass.

use eks_token_gateway::config::{Config, Platform};
use eks_token_gateway::{Caller, Destination, Refusal, Request, RequestLine};
use serde_json::{Value, json};

/// SHA-256 of `open sesame`.
const SESAME: &str = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

fn config(callers: &Value) -> Config {
    let config = json!({
        "callers": callers,
        "credentials": {"from": "environment"},
        "clusters": [
            {"name": "a", "region": "eu-central-1", "match": {"authorities": ["a.example.com"]}},
            {"name": "b", "region": "eu-central-1",
             "match": {"authorities": ["b.example.com:8443"], "routes": ["b"]}},
        ],
    });
    Config::parse(config.to_string().as_bytes(), Platform::ProxyWasm).expect("a configuration")
}

fn ask(callers: &Value, caller: Caller<'_>, method: &str) -> Result<usize, Refusal> {
    let line = RequestLine { method, path: "/api/v1/pods", upgrade: false };
    let destination = Destination { authority: Some("a.example.com"), ..Destination::default() };
    config(callers).admit(&Request { line, caller, destination }).map(|it| it.cluster)
}

#[test]
fn by_client_certificate() {
    let any = json!({"authenticated_by": "client-certificate"});
    let one = json!({"authenticated_by": "client-certificate", "names": ["ci.example.com"]});
    let with = |names| Caller { has_certificate: true, names, authorization: None };
    assert_eq!(ask(&any, with(&[]), "GET"), Ok(0));
    assert_eq!(ask(&any, Caller::default(), "GET"), Err(Refusal::NoClientCertificate));
    assert_eq!(ask(&one, with(&["other", "ci.example.com"]), "GET"), Ok(0));
    assert_eq!(ask(&one, with(&["ci.example.com.evil"]), "GET"), Err(Refusal::UnknownName));
    assert_eq!(ask(&one, with(&[]), "GET"), Err(Refusal::UnknownName));
    // Names alone are worth nothing: they come from a certificate that was verified.
    let named = Caller { names: &["ci.example.com"], ..Caller::default() };
    assert_eq!(ask(&one, named, "GET"), Err(Refusal::NoClientCertificate));
}

#[test]
fn by_bearer() {
    let callers = json!({"authenticated_by": "bearer", "sha256": ["00".repeat(32), SESAME]});
    let with = |authorization| Caller { authorization, ..Caller::default() };
    for right in ["Bearer open sesame", "bearer open sesame", "BEARER  open sesame "] {
        assert_eq!(ask(&callers, with(Some(right)), "GET"), Ok(0), "{right}");
    }
    for wrong in ["Bearer open sesam", "Basic open sesame", "open sesame", "Bearer", "Bearer ", ""]
    {
        let answer = ask(&callers, with(Some(wrong)), "GET");
        assert_eq!(answer, Err(Refusal::WrongBearer), "{wrong}");
    }
    assert_eq!(ask(&callers, with(None), "GET"), Err(Refusal::WrongBearer));
}

#[test]
fn strangers_do_not_learn_what_may_pass() {
    let callers = json!({"authenticated_by": "bearer", "sha256": [SESAME]});
    assert_eq!(ask(&callers, Caller::default(), "DELETE"), Err(Refusal::WrongBearer));
}

#[test]
fn clusters_by_authority_and_route() {
    let config = config(&json!({"authenticated_by": "nobody"}));
    let ask = |authority, route| {
        let line = RequestLine { method: "GET", path: "/api", upgrade: false };
        let destination = Destination { authority: Some(authority), route, upstream: None };
        let caller = Caller::default();
        config.admit(&Request { line, caller, destination }).map(|it| it.cluster)
    };
    assert_eq!(ask("a.example.com", None), Ok(0));
    assert_eq!(ask("A.Example.COM:8443", None), Ok(0));
    assert_eq!(ask("b.example.com:8443", Some("b")), Ok(1));
    assert_eq!(ask("b.example.com", Some("b")), Err(Refusal::NoCluster));
    assert_eq!(ask("b.example.com:8443", None), Err(Refusal::NoCluster));
    assert_eq!(ask("evil-a.example.com", None), Err(Refusal::NoCluster));
    assert_eq!(ask("", None), Err(Refusal::NoCluster));
}

#[test]
fn a_refusal_is_a_status_of_kubernetes() {
    for refusal in [Refusal::NotAllowed, Refusal::WrongBearer, Refusal::NoCluster] {
        let status: Value = serde_json::from_str(&refusal.to_json()).expect("JSON");
        assert_eq!(status["kind"], "Status");
        assert_eq!(status["code"], refusal.status());
        assert_eq!(status["message"], refusal.to_string());
    }
}
