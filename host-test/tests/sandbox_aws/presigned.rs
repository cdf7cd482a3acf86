//! The request inside a token, sent to STS as the cluster's authenticator sends it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_host::sandbox::{Api, Identity};
use http::Request;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use super::trial::Trial;

/// Sends it, for this cluster, and answers with status and body.
async fn send(trial: &Trial, url: &http::Uri, cluster: &str, accept: &str) -> (u16, String) {
    let mut config = kube::Config::new(trial.sandbox.sts_url().parse().expect("a URL"));
    let authority = CertificateDer::from_pem_slice(trial.sandbox.ca_pem().as_bytes());
    config.root_cert = Some(vec![authority.expect("PEM").to_vec()]);
    let client = kube::Client::try_from(config).expect("a client");
    let target = url.path_and_query().expect("a query").as_str();
    let request = Request::get(target)
        .header("host", url.host().expect("a host"))
        .header("x-k8s-aws-id", cluster)
        .header("accept", accept);
    let request = request.body(kube::client::Body::empty()).expect("a request");
    let response = client.send(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect_bytes().await.expect("a body");
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

fn url_inside_token(trial: &Trial) -> http::Uri {
    let token = trial.token(&trial.identity(Identity::Reader)).value;
    let encoded = token.strip_prefix("k8s-aws-v1.").expect("a token");
    let url = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
    String::from_utf8(url).expect("text").parse().expect("a URL")
}

#[tokio::test]
async fn sts_takes_the_request_of_a_token() {
    let trial = Trial::start().await;
    let url = url_inside_token(&trial);
    let (status, body) = send(&trial, &url, "sandbox", "application/json").await;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let answer = &body["GetCallerIdentityResponse"];
    assert_eq!(
        answer["GetCallerIdentityResult"],
        json!({
            "Account": "111122223333",
            "Arn": "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local",
            "UserId": "AROASANDBOXREADERAAA:local",
        })
    );
    assert!(answer["ResponseMetadata"]["RequestId"].is_string());
    let (status, body) = send(&trial, &url, "sandbox", "*/*").await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("<UserId>AROASANDBOXREADERAAA:local</UserId>"), "{body}");
    assert_eq!(trial.paths(Api::Sts), ["/?Action=GetCallerIdentity"; 2]);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn sts_refuses_it_for_another_cluster() {
    let trial = Trial::start().await;
    let url = url_inside_token(&trial);
    let (status, body) = send(&trial, &url, "other", "application/json").await;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, &body["Error"]["Code"]), (403, &json!("SignatureDoesNotMatch")));
    assert_eq!(body["Error"]["Type"], "Sender");
    assert!(body["RequestId"].is_string());
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn sts_takes_it_for_fifteen_minutes() {
    let trial = Trial::start().await;
    let url = url_inside_token(&trial);
    trial.set_clock_ahead(840);
    let (status, body) = send(&trial, &url, "sandbox", "application/json").await;
    assert_eq!(status, 200, "{body}");
    trial.set_clock_ahead(960);
    let (status, body) = send(&trial, &url, "sandbox", "application/json").await;
    assert!(status == 403 && body.contains("Signature expired: "), "{body}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn sts_refuses_what_was_changed_or_has_no_signature() {
    let trial = Trial::start().await;
    let url = url_inside_token(&trial).to_string();
    let expiry = url.replace("X-Amz-Expires=60", "X-Amz-Expires=61");
    let unsigned = url.split_once("&X-Amz-").expect("a signature").0.to_owned();
    let region = url.replace("sts.eu-central-1", "sts.us-west-2");
    for (url, code) in [
        (expiry, "SignatureDoesNotMatch"),
        (unsigned, "MissingAuthenticationToken"),
        (region, "SignatureDoesNotMatch"),
    ] {
        let url = url.parse().expect("a URL");
        let (status, body) = send(&trial, &url, "sandbox", "application/json").await;
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((status, body["Error"]["Code"].as_str()), (403, Some(code)));
    }
    trial.sandbox.stop().await;
}
