//! Who callers are to the cluster by `aws-auth`, and what they learn of themselves and of it.

use aws_credential_types::Credentials as SdkCredentials;
use eks_token_host::kube::ClientError;
use eks_token_host::sandbox::{
    AuthenticationMode, Identity, POD_READERS, Role, SandboxError, SandboxOptions,
};
use http::Request;
use serde_json::{Value, json};

use super::trial::{Trial, issued};

const CONFIG_MAP: &str = "/api/v1/namespaces/kube-system/configmaps/aws-auth";
const ACCESS_REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// `aws-auth` with the stranger's role and this one as readers of pods.
fn aws_auth(role_arn: &str) -> String {
    format!(
        "mapRoles: |
  - rolearn: arn:aws:iam::111122223333:role/Sandbox-Stranger
    username: stranger:{{{{SessionName}}}}
    groups:
      - {POD_READERS}
  - rolearn: {role_arn}
    username: with-path
    groups:
      - {POD_READERS}
"
    )
}

fn options(mode: AuthenticationMode, role_arn: &str) -> SandboxOptions {
    SandboxOptions {
        authentication_mode: mode,
        aws_auth: Some(aws_auth(role_arn)),
        ..SandboxOptions::default()
    }
}

async fn role_with_path(trial: &Trial) -> SdkCredentials {
    let stranger = trial.identity(Identity::Stranger);
    let role = trial.assume(&stranger, Role::WithPath).send().await.expect("a role");
    issued(role.credentials().expect("credentials"))
}

/// Status and body.
async fn send(
    trial: &Trial,
    credentials: &SdkCredentials,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    send_as(trial, credentials, method, path, body, "application/json").await
}

/// The same with a body that claims to be of this type.
async fn send_as(
    trial: &Trial,
    credentials: &SdkCredentials,
    method: &str,
    path: &str,
    body: &Value,
    media_type: &str,
) -> (u16, Value) {
    let client = trial.kubernetes(credentials);
    let request = Request::builder().method(method).uri(path).header("content-type", media_type);
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = request.body(kube::client::Body::from(body)).expect("a request");
    let response = client.send(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect_bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

async fn may(trial: &Trial, identity: Identity, spec: Value) -> bool {
    let review = json!({
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "spec": spec,
    });
    let credentials = trial.identity(identity);
    let (status, answer) = send(trial, &credentials, "POST", ACCESS_REVIEWS, &review).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["spec"], review["spec"]);
    answer["status"]["allowed"].as_bool().expect("an answer")
}

#[tokio::test]
async fn aws_auth_counts_in_the_modes_that_say_so() {
    let arn = "arn:aws:iam::111122223333:role/with-path";
    for (mode, reader, stranger) in [
        (AuthenticationMode::Api, true, false),
        (AuthenticationMode::ApiAndConfigMap, true, true),
        (AuthenticationMode::ConfigMap, false, true),
    ] {
        let trial = Trial::with(options(mode, arn)).await;
        for (identity, expected) in [(Identity::Reader, reader), (Identity::Stranger, stranger)] {
            let result = trial.pods(&trial.identity(identity)).await;
            match (expected, result) {
                (true, Ok(12)) | (false, Err(ClientError::Unauthorized)) => {}
                (_, result) => panic!("{mode:?}, {identity:?}: {result:?}"),
            }
        }
        trial.sandbox.stop().await;
    }
}

#[tokio::test]
async fn entries_with_a_path_or_a_session_match_nobody() {
    for (arn, is_mapped) in [
        ("arn:aws:iam::111122223333:role/with-path", true),
        ("arn:aws:iam::111122223333:role/team/with-path", false),
        ("arn:aws:sts::111122223333:assumed-role/with-path/ada", false),
    ] {
        let trial = Trial::with(options(AuthenticationMode::ConfigMap, arn)).await;
        let role = role_with_path(&trial).await;
        let result = trial.pods(&role).await;
        assert_eq!(result.is_ok(), is_mapped, "{arn}");
        trial.sandbox.stop().await;
    }
}

#[tokio::test]
async fn names_come_from_the_template() {
    let trial = Trial::with(options(AuthenticationMode::ConfigMap, "arn")).await;
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let stranger = trial.identity(Identity::Stranger);
    let (status, review) = send(&trial, &stranger, "POST", path, &json!({})).await;
    assert_eq!(status, 201, "{review}");
    let user = &review["status"]["userInfo"];
    assert_eq!(user["username"], "stranger:local");
    assert_eq!(user["groups"], json!([POD_READERS, "system:authenticated"]));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn pod_readers_may_read_aws_auth() {
    let trial = Trial::with(options(AuthenticationMode::ApiAndConfigMap, "arn")).await;
    let reader = trial.identity(Identity::Reader);
    let (status, config_map) = send(&trial, &reader, "GET", CONFIG_MAP, &Value::Null).await;
    assert_eq!(status, 200, "{config_map}");
    assert_eq!(config_map["kind"], "ConfigMap");
    let map_roles = config_map["data"]["mapRoles"].as_str().expect("text");
    assert!(map_roles.starts_with("- rolearn: arn:aws:iam::"), "{map_roles}");
    let no_access = trial.identity(Identity::NoAccess);
    let (status, _) = send(&trial, &no_access, "GET", CONFIG_MAP, &Value::Null).await;
    assert_eq!(status, 403);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn there_is_no_aws_auth_unless_told() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let (status, answer) = send(&trial, &reader, "GET", CONFIG_MAP, &Value::Null).await;
    assert_eq!(status, 404);
    assert_eq!(answer["message"], "configmaps \"aws-auth\" not found");
    trial.sandbox.stop().await;
    let options = SandboxOptions { aws_auth: Some("- a".to_owned()), ..SandboxOptions::default() };
    let error = eks_token_host::sandbox::Sandbox::start(options).await.expect_err("no mapping");
    assert!(matches!(error, SandboxError::AwsAuth(_)), "{error}");
}

#[tokio::test]
async fn callers_learn_what_they_may() {
    let trial = Trial::start().await;
    let list = json!({ "resourceAttributes": { "verb": "list", "resource": "pods" } });
    assert!(may(&trial, Identity::Reader, list.clone()).await);
    assert!(!may(&trial, Identity::NoAccess, list).await);
    let delete = json!({
        "resourceAttributes": { "namespace": "default", "verb": "delete", "resource": "pods" },
    });
    assert!(!may(&trial, Identity::Reader, delete).await);
    let version = json!({ "nonResourceAttributes": { "path": "/version", "verb": "get" } });
    assert!(may(&trial, Identity::NoAccess, version).await);
    let reader = trial.identity(Identity::Reader);
    let nothing = json!({ "spec": {} });
    let (status, answer) = send(&trial, &reader, "POST", ACCESS_REVIEWS, &nothing).await;
    assert_eq!(status, 400, "{answer}");
    let protobuf = "application/vnd.kubernetes.protobuf";
    let (status, answer) =
        send_as(&trial, &reader, "POST", ACCESS_REVIEWS, &nothing, protobuf).await;
    assert_eq!((status, &answer["reason"]), (415, &json!("UnsupportedMediaType")));
    trial.sandbox.stop().await;
}
