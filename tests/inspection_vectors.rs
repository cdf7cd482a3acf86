//! The tokens that Rust, Python, Node, browsers and the page must judge alike.
//!
//! `plugins/vectors/inspections.json` holds them as data: the server's own tests, 17 refused and 5
//! accepted, then tokens of ours with one thing changed. The cases themselves are argued in
//! `inspect_server.rs`. `plugins/vectors/README.md` says how new answers are written down.

mod vectors;

use eks_token_signer::{Claims, Partition, Rejection, inspect};
use serde_json::{Value, json};
use vectors::{number, text};

const FILE: &str = "inspections.json";

#[test]
fn the_core_judges_as_the_vectors_say() {
    vectors::compare(FILE, |vector| {
        let partition = vector["partition"].as_str().map(|it| Partition::try_from(it).expect(it));
        let now = number(&vector["now"]).expect("a time");
        let inspection = inspect(&text(&vector["token"]), partition, now);
        json!({
            "claims": inspection.claims.as_ref().map(claims),
            "server": inspection.server.as_ref().err().map(rejection),
            "findings": inspection.findings.iter().map(|it| &it.code).collect::<Vec<_>>(),
        })
    });
}

/// The source names the verdict, so that a file written anew cannot turn one round.
#[test]
fn the_servers_own_tests_refuse_17_and_accept_5() {
    let (mut refused, mut accepted) = (0, 0);
    for vector in vectors::vectors(FILE) {
        let verdict = &vector["expected"]["server"];
        match text(&vector["source"]).rsplit_once(", ").map(|(_, test)| test) {
            Some("validationErrorTest") => {
                assert!(verdict.is_object(), "{}", vector["name"]);
                refused += 1;
            }
            Some("validationSuccessTest") => {
                assert!(verdict.is_null(), "{}", vector["name"]);
                accepted += 1;
            }
            _ => {}
        }
    }
    assert_eq!((refused, accepted), (17, 5));
}

fn claims(claims: &Claims) -> Value {
    json!({
        "sts-host": claims.sts_host,
        "region": claims.region,
        "partition": claims.partition.map(Partition::name),
        "access-key-id": claims.access_key_id,
        "signed-at": claims.signed_at,
        "refused-from": claims.refused_from,
        "has-session-token": claims.has_session_token,
        "signed-headers": claims.signed_headers,
    })
}

fn rejection(rejection: &Rejection) -> Value {
    let value = match rejection {
        Rejection::TooLarge(length) => json!(length),
        Rejection::Expired(at) => json!(at),
        Rejection::DuplicateParameter(name)
        | Rejection::UnexpectedParameter(name)
        | Rejection::MultipleValues(name) => json!(name),
        _ => Value::Null,
    };
    json!({ "case": rejection.code(), "value": value, "message": rejection.to_string() })
}
