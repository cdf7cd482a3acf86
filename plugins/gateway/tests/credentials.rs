//! Documents of credentials as AWS's sources write them, and the ways to them.

use eks_token_gateway::config::{Config, Platform};
use eks_token_gateway::credentials::{
    CredentialsError, Fetch, FetchError, Step, from_variables, read_document, read_file,
};
use eks_token_gateway::{KeptToken, Unavailable, renew_credentials_at};
use eks_token_signer::{Credentials, SessionToken, SigningMaterial};
use serde_json::{Value, json};

const DOCUMENT: &str = r#"{"Code": "Success", "AccessKeyId": "ASIAEXAMPLE",
    "SecretAccessKey": "secret", "Token": "token", "Expiration": "2023-11-14T22:13:20Z"}"#;

fn assert_read(credentials: &Credentials, expires_at: Option<u64>) {
    assert_eq!(credentials.access_key_id.as_str(), "ASIAEXAMPLE");
    let SigningMaterial::SecretAccessKey(secret) = &credentials.material else { panic!("keys") };
    assert_eq!(secret.expose(), "secret");
    assert_eq!(credentials.session_token.as_ref().map(SessionToken::expose), Some("token"));
    assert_eq!(credentials.expires_at, expires_at);
}

#[test]
fn of_a_container_an_instance_and_a_process() {
    assert_read(&read_document(DOCUMENT.as_bytes()).expect("credentials"), Some(1_700_000_000));
    let process = DOCUMENT.replace("\"Token\"", "\"SessionToken\"").replace("Code", "Version");
    // `Version` of a credential_process is a number; nothing depends on it.
    assert_read(&read_file(process.as_bytes(), "").expect("credentials"), Some(1_700_000_000));
}

#[test]
fn of_a_shared_file() {
    let file = "# a file\n[other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = other\n\n\
        [default]\r\naws_access_key_id=ASIAEXAMPLE\r\naws_secret_access_key = secret\r\n\
        ; a remark\naws_session_token= token \nx_security_token_expires = 2023-11-14T23:13:20+01:00\n\
        [last]\naws_access_key_id = AKIDLAST\n";
    let read = |profile| read_file(file.as_bytes(), profile);
    assert_read(&read("default").expect("credentials"), Some(1_700_000_000));
    assert_eq!(read("other").expect("credentials").access_key_id.as_str(), "AKIDOTHER");
    assert_eq!(read("last").expect_err("half"), CredentialsError::NoKey);
    assert_eq!(read("none").expect_err("none"), CredentialsError::NoProfile);
    assert_eq!(read_file(b"", "default").expect_err("empty"), CredentialsError::NoProfile);
    assert_eq!(read_file(b"\xff", "default").expect_err("bytes"), CredentialsError::NotText);
}

#[test]
fn of_variables() {
    let variables = |name| {
        Some(match name {
            "AWS_ACCESS_KEY_ID" => "ASIAEXAMPLE".to_owned(),
            "AWS_SECRET_ACCESS_KEY" => "secret".to_owned(),
            "AWS_SESSION_TOKEN" => "token".to_owned(),
            "AWS_CREDENTIAL_EXPIRATION" => "2023-11-14T22:13:20Z".to_owned(),
            _ => return None,
        })
    };
    assert_read(&from_variables(variables).expect("credentials"), Some(1_700_000_000));
    let without = |missing: &'static str| {
        from_variables(
            move |name| if name == missing { Some(String::new()) } else { variables(name) },
        )
    };
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        assert_eq!(without(name).expect_err("missing"), CredentialsError::Missing(name));
    }
    assert_eq!(without("AWS_CREDENTIAL_EXPIRATION").expect("credentials").expires_at, None);
}

#[test]
fn what_is_wrong_is_named_and_never_shown() {
    let cases = [
        ("", "it is not a JSON object"),
        (r#"{"Code": "AssumeRoleUnauthorizedAccess"}"#, "the source says that it has none to give"),
        (r#"{"SecretAccessKey": "sesame"}"#, "the field AccessKeyId is missing"),
        (r#"{"AccessKeyId": "A", "SecretAccessKey": 1}"#, "the field SecretAccessKey must be text"),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": "sesame", "Expiration": "sesame"}"#,
            "the field Expiration must be a time as in RFC 3339",
        ),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": "sesameä"}"#,
            "the field SecretAccessKey: the secret access key has a character",
        ),
    ];
    for (document, reason) in cases {
        let error = read_document(document.as_bytes()).expect_err(reason).to_string();
        assert!(error.starts_with(reason) && !error.contains("sesame"), "{error}");
    }
}

fn config(credentials: &Value) -> Config {
    let config = json!({
        "callers": {"authenticated_by": "nobody"},
        "credentials": credentials,
        "clusters": [{"name": "a", "region": "eu-central-1"}],
    });
    Config::parse(config.to_string().as_bytes(), Platform::ProxyWasm).expect("a configuration")
}

/// As in <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html> and
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
#[test]
fn the_way_to_a_container_endpoint() {
    let source = config(&json!({"from": "container", "upstream": "agent"})).credentials;
    let none = |_: &'static str| None;
    let (_, call) = Fetch::begin(&source, none).expect("a way");
    assert_eq!((call.method, call.path.as_str()), ("GET", "/v1/credentials"));
    assert_eq!(call.authority, "169.254.170.23");
    assert!(call.headers.is_empty());

    let ecs = |name| (name == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").then(|| "/v2/x".to_owned());
    assert_eq!(Fetch::begin(&source, ecs).expect("a way").1.path, "/v2/x");
    let full = |name| match name {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI" => Some("http://[fd00:ec2::23]/v1/x".to_owned()),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN" => Some("token".to_owned()),
        _ => None,
    };
    let (fetch, call) = Fetch::begin(&source, full).expect("a way");
    assert_eq!(call.path, "/v1/x");
    assert_eq!(call.headers, [("authorization", "token".to_owned())]);
    assert!(!format!("{call:?}").contains("token\""));
    let step = fetch.answered(Some((200, DOCUMENT.as_bytes()))).expect("credentials");
    let Step::Done(credentials) = step else { panic!("there is no further step") };
    assert_read(&credentials, Some(1_700_000_000));
}

/// As in <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html>.
#[test]
fn the_way_to_the_instance_metadata_service() {
    let source = config(&json!({"from": "instance-metadata", "upstream": "imds"})).credentials;
    let answer = |fetch: Fetch, body: &[u8]| match fetch.answered(Some((200, body))) {
        Ok(Step::Ask(fetch, call)) => (fetch, call),
        other => panic!("{other:?}"),
    };
    let (fetch, call) = Fetch::begin(&source, |_| None).expect("a way");
    assert_eq!((call.method, call.path.as_str()), ("PUT", "/latest/api/token"));
    assert_eq!(call.headers, [("x-aws-ec2-metadata-token-ttl-seconds", "21600".to_owned())]);
    let (fetch, call) = answer(fetch, b"session==\n");
    assert_eq!(call.path, "/latest/meta-data/iam/security-credentials/");
    assert_eq!(call.headers, [("x-aws-ec2-metadata-token", "session==".to_owned())]);
    let (fetch, call) = answer(fetch, b"node-role\n");
    assert_eq!(call.path, "/latest/meta-data/iam/security-credentials/node-role");
    assert_eq!(call.headers, [("x-aws-ec2-metadata-token", "session==".to_owned())]);
    assert!(matches!(fetch.answered(Some((200, DOCUMENT.as_bytes()))), Ok(Step::Done(_))));
}

#[test]
fn answers_that_lead_nowhere() {
    let source = config(&json!({"from": "instance-metadata", "upstream": "imds"})).credentials;
    let begin = || Fetch::begin(&source, |_| None).expect("a way").0;
    let error = |fetch: Fetch, answer| match fetch.answered(answer) {
        Err(error) => error,
        Ok(step) => panic!("{step:?}"),
    };
    assert_eq!(error(begin(), None), FetchError::Silent);
    assert_eq!(error(begin(), Some((403, b""))), FetchError::Status(403));
    assert_eq!(Unavailable::from(FetchError::Status(403)), Unavailable::SourceRefused(403));
    // Whoever answers in its place must not choose the next path.
    for role in [&b"../../user-data"[..], b"a b", b"", b"\xff", b"role?x=1"] {
        let Ok(Step::Ask(fetch, _)) = begin().answered(Some((200, b"session"))) else {
            panic!("no session")
        };
        assert_eq!(error(fetch, Some((200, role))), FetchError::NoRole);
    }
}

#[test]
fn tokens_are_renewed_ahead_of_their_end_and_never_outlive_the_credentials() {
    let now = 1_699_999_000;
    let credentials = read_document(DOCUMENT.as_bytes()).expect("credentials");
    let cluster = &config(&json!({"from": "environment"})).clusters[0];
    let token = KeptToken::make(cluster, &credentials, now).expect("a token");
    assert!(token.authorization().starts_with("Bearer k8s-aws-v1."));
    assert!(!token.is_due_at(now + 779) && token.is_due_at(now + 780));
    assert!(token.is_good_at(now + 839) && !token.is_good_at(now + 840));
    assert_eq!(KeptToken::from_bytes(&token.to_bytes()), Some(token.clone()));
    assert_eq!(KeptToken::from_bytes(&token.to_bytes()[..30]), None);
    assert!(!format!("{token:?}").contains("k8s-aws-v1"));

    let last = KeptToken::make(cluster, &credentials, 1_699_999_900).expect("a token");
    assert!(!last.is_good_at(1_700_000_000));
    let error = KeptToken::make(cluster, &credentials, 1_700_000_000).expect_err("ended");
    assert_eq!(error, Unavailable::Expired);
    assert_eq!(renew_credentials_at(&credentials, 1_600_000_000), 1_700_000_000 - 900);
    assert_eq!(renew_credentials_at(&credentials, now), 1_700_000_000 - 250);
}

#[test]
fn why_there_is_none_survives_shared_memory() {
    for reason in [
        Unavailable::NotYet,
        Unavailable::SourceSilent,
        Unavailable::SourceRefused(404),
        Unavailable::Unreadable,
        Unavailable::Missing,
        Unavailable::Expired,
        Unavailable::NoSigningKey,
        Unavailable::Signing,
    ] {
        assert_eq!(Unavailable::from_bytes(&reason.to_bytes()), Some(reason));
    }
    assert_eq!(Unavailable::from_bytes(b""), None);
}
