//! The answer to a Kubernetes client that asks by the exec credential plugin protocol: which API
//! version, what JSON, and what the user is told.

use eks_token_signer::{Error, ExecCredential, Invalid, exec_credential};
use serde_json::{Value, json};

const TOKEN: &str = "k8s-aws-v1.aHR0cHM6Ly9zdHMu";
const V1: &str = "client.authentication.k8s.io/v1";
const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";
const V1ALPHA1: &str = "client.authentication.k8s.io/v1alpha1";

/// What a client sets `KUBERNETES_EXEC_INFO` to, the API version that it gets, and the finding.
const NEGOTIATIONS: [(&str, Option<&str>, &str, Option<&str>); 25] = [
    ("not set", None, V1BETA1, None),
    ("v1", Some(r#"{"apiVersion":"client.authentication.k8s.io/v1"}"#), V1, None),
    ("v1beta1", Some(r#"{"apiVersion":"client.authentication.k8s.io/v1beta1"}"#), V1BETA1, None),
    (
        "v1alpha1",
        Some(r#"{"apiVersion":"client.authentication.k8s.io/v1alpha1"}"#),
        V1ALPHA1,
        Some("exec-api-version-deprecated"),
    ),
    (
        "what kubectl sends",
        Some(
            r#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                "spec":{"cluster":{"server":"https://127.0.0.1","config":null},"interactive":true}}"#,
        ),
        V1,
        None,
    ),
    ("blanks around", Some(" {\"apiVersion\" : \"client.authentication.k8s.io/v1\"}\n"), V1, None),
    ("an escape", Some(r#"{"apiVersion":"client.authentication.k8s.io\/\u00761"}"#), V1, None),
    (
        "v1 deeper down",
        Some(r#"{"spec":{"apiVersion":"client.authentication.k8s.io/v1"}}"#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    (
        "v2",
        Some(r#"{"apiVersion":"client.authentication.k8s.io/v2"}"#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    (
        "v1beta10",
        Some(r#"{"apiVersion":"client.authentication.k8s.io/v1beta10"}"#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    (
        "another group",
        Some(r#"{"apiVersion":"authentication.k8s.io/v1"}"#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    (
        "upper case",
        Some(r#"{"apiVersion":"CLIENT.AUTHENTICATION.K8S.IO/V1"}"#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    ("a number", Some(r#"{"apiVersion":1}"#), V1BETA1, Some("exec-api-version-unknown")),
    ("null", Some(r#"{"apiVersion":null}"#), V1BETA1, Some("exec-api-version-unknown")),
    ("no version", Some("{}"), V1BETA1, Some("exec-api-version-unknown")),
    ("a list", Some("[]"), V1BETA1, Some("exec-api-version-unknown")),
    (
        "text",
        Some(r#""client.authentication.k8s.io/v1""#),
        V1BETA1,
        Some("exec-api-version-unknown"),
    ),
    ("empty", Some(""), V1BETA1, Some("exec-info-empty")),
    ("blank", Some(" \t\r\n"), V1BETA1, Some("exec-info-empty")),
    ("no JSON", Some("client.authentication.k8s.io/v1"), V1BETA1, Some("exec-info-malformed")),
    (
        "cut off",
        Some(r#"{"apiVersion":"client.authentication.k8s.io/v1"#),
        V1BETA1,
        Some("exec-info-malformed"),
    ),
    (
        "more behind it",
        Some(r#"{"apiVersion":"client.authentication.k8s.io/v1"} {}"#),
        V1BETA1,
        Some("exec-info-malformed"),
    ),
    (
        "single quotes",
        Some("{'apiVersion':'client.authentication.k8s.io/v1'}"),
        V1BETA1,
        Some("exec-info-malformed"),
    ),
    (
        "a byte order mark",
        Some("\u{feff}{\"apiVersion\":\"client.authentication.k8s.io/v1\"}"),
        V1BETA1,
        Some("exec-info-malformed"),
    ),
    ("a NUL", Some("\0"), V1BETA1, Some("exec-info-malformed")),
];

#[test]
fn the_api_version_is_the_one_asked_for_where_it_is_known() {
    for (what, exec_info, api_version, finding) in NEGOTIATIONS {
        let credential = exec_credential(TOKEN, 1_700_000_840, exec_info).expect("an answer");
        assert_eq!(document(&credential)["apiVersion"], api_version, "{what}");
        let codes: Vec<&str> = credential.findings.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, Vec::from_iter(finding), "{what}");
    }
}

/// Ten thousand brackets would overrun a parser that goes down without a limit.
#[test]
fn deep_nesting_is_malformed_and_no_trap() {
    for opening in ["[", r#"{"apiVersion":"#] {
        let exec_info = opening.repeat(10_000);
        let credential = exec_credential(TOKEN, 0, Some(&exec_info)).expect("an answer");
        let codes: Vec<&str> = credential.findings.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, ["exec-info-malformed"]);
    }
}

/// What the client sent may hold anything; what the user reads does not repeat it.
#[test]
fn findings_repeat_nothing_of_what_the_client_sent() {
    let sent = [
        r#"{"apiVersion":"QzXwVk"}"#,
        "QzXwVk",
        r#"{"apiVersion":"client.authentication.k8s.io/v1alpha1","spec":"QzXwVk"}"#,
    ];
    for exec_info in sent {
        let credential = exec_credential(TOKEN, 0, Some(exec_info)).expect("an answer");
        assert_eq!(credential.findings.len(), 1);
        assert!(!format!("{:?}", credential.findings).contains("QzXwVk"));
        assert!(!credential.json.contains("QzXwVk"));
    }
}

#[test]
fn the_document_holds_what_a_client_reads_and_nothing_else() {
    for (exec_info, api_version) in
        [(None, V1BETA1), (Some(r#"{"apiVersion":"client.authentication.k8s.io/v1"}"#), V1)]
    {
        let credential = exec_credential(TOKEN, 1_700_000_840, exec_info).expect("an answer");
        let expected = json!({
            "apiVersion": api_version,
            "kind": "ExecCredential",
            "spec": {},
            "status": { "expirationTimestamp": "2023-11-14T22:27:20Z", "token": TOKEN },
        });
        assert_eq!(document(&credential), expected);
        assert!(!credential.json.contains('\n'), "one line");
    }
}

#[test]
fn any_text_is_escaped_so_that_it_comes_back_as_it_was() {
    let texts = [
        "",
        "\"",
        "\\",
        "\",\"apiVersion\":\"x",
        "\0\u{1}\u{8}\t\n\u{c}\r\u{1f}\u{7f}",
        "</script>",
        "é ሴ 😀 \u{2028}",
    ];
    for text in texts {
        let credential = exec_credential(text, 0, None).expect("an answer");
        let document = document(&credential);
        assert_eq!(document["status"]["token"], text);
        assert_eq!(document["apiVersion"], V1BETA1);
        assert!(credential.json.bytes().all(|byte| byte >= b' '), "no control character");
    }
}

#[test]
fn the_expiry_is_rfc_3339_in_utc_up_to_the_year_9999() {
    let expiries = [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_700_000_840, "2023-11-14T22:27:20Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ];
    for (expires_at, expected) in expiries {
        let credential = exec_credential(TOKEN, expires_at, None).expect("an answer");
        assert_eq!(document(&credential)["status"]["expirationTimestamp"], expected);
    }
    for expires_at in [253_402_300_800, u64::MAX] {
        let refused = exec_credential(TOKEN, expires_at, None).err();
        assert_eq!(refused, Some(Error::ExpiresAt(Invalid::OutOfRange)));
    }
}

#[test]
fn debug_output_does_not_show_the_token() {
    let credential = exec_credential(TOKEN, 0, Some("")).expect("an answer");
    let shown = format!("{credential:?}");
    assert!(!shown.contains("aHR0"), "{shown}");
    assert!(shown.contains("exec-info-empty"), "{shown}");
}

fn document(credential: &ExecCredential) -> Value {
    serde_json::from_str(&credential.json).expect("JSON")
}
