//! Which tokens the sandbox takes: those that EKS would take, and no others.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_host::kube::{
    ApiServer, CertificateAuthority, ClientError, PodForm, PodQuery, ProxySettings, list_pods,
};
use eks_token_host::sandbox::{Api, Clock, Identity, RequestRecord, Sandbox, SandboxOptions};
use eks_token_host::{
    Credentials, Lifetime, Signer, SigningMaterial, SigningTime, StsEndpoint, Token, TokenRequest,
    UrlExpiry,
};

const NOW: u64 = 1_750_000_000;
const PREFIX: &str = "k8s-aws-v1.";

/// A sandbox whose clock is set by the test, and whose log is kept.
struct Trial {
    sandbox: Sandbox,
    signer: Signer,
    clock: Arc<AtomicU64>,
    log: Arc<Mutex<Vec<RequestRecord>>>,
}

impl Trial {
    async fn start() -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (time, records) = (Arc::clone(&clock), Arc::clone(&log));
        let options = SandboxOptions {
            clock: Clock::new(move || time.load(Ordering::Relaxed)),
            on_request: Some(Arc::new(move |record| {
                records.lock().expect("no panic").push(record.clone());
            })),
            ..SandboxOptions::default()
        };
        let sandbox = Sandbox::start(options).await.expect("it starts");
        Self { sandbox, signer: Signer::new().expect("a signer"), clock, log }
    }

    fn reader(&self) -> Credentials {
        self.sandbox.credentials(Identity::Reader)
    }

    fn token(&self, credentials: &Credentials, cluster: &str) -> Token {
        let request = TokenRequest {
            cluster: cluster.to_owned().try_into().expect("a cluster"),
            region: self.sandbox.region().clone(),
            endpoint: StsEndpoint::default(),
            signed_at: SigningTime::from_unix_seconds(NOW).expect("a time"),
            url_expires_in: UrlExpiry::default(),
            lifetime: Lifetime::default(),
        };
        self.signer.create_token(credentials, &request).expect("a token")
    }

    fn good_token(&self) -> Token {
        self.token(&self.reader(), "sandbox")
    }

    /// How many pods the bearer of `token` is shown.
    async fn list(&self, token: &Token) -> Result<usize, ClientError> {
        let server = ApiServer {
            url: self.sandbox.kubernetes_url().try_into().expect("a URL"),
            certificate_authority: CertificateAuthority::try_from(self.sandbox.ca_pem().as_bytes())
                .expect("an authority"),
            proxy: ProxySettings::default(),
            tls_server_name: None,
        };
        let client = server.client(token)?;
        let pods = list_pods(&client, &PodQuery::default(), PodForm::Objects, |_| {}).await?;
        Ok(pods.len())
    }

    /// That the token gets 401, and that the log says why while the answer does not.
    async fn assert_refused(&self, token: &Token, reason: &str) {
        let error = self.list(token).await.expect_err(reason);
        assert!(matches!(error, ClientError::Unauthorized), "{reason}: {error}");
        let log = self.log.lock().expect("no panic");
        let last = log.last().expect("a record").to_string();
        assert!(last.contains("401 refused: ") && last.contains(reason), "{reason}: {last}");
    }
}

/// Of the URL inside a token.
type Change = fn(String) -> String;

/// The same token around another URL.
fn changed(token: &Token, change: Change) -> Token {
    let encoded = token.value.strip_prefix(PREFIX).expect("a token");
    let url = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
    let url = change(String::from_utf8(url).expect("a URL"));
    let value = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(url));
    Token { value, expires_at: token.expires_at, findings: Vec::new() }
}

#[tokio::test]
async fn takes_what_eks_takes() {
    let trial = Trial::start().await;
    assert_eq!(trial.list(&trial.good_token()).await.expect("pods"), 12);
    // Until the last second, and not one longer.
    trial.clock.store(NOW + 900, Ordering::Relaxed);
    assert_eq!(trial.list(&trial.good_token()).await.expect("pods"), 12);
    trial.clock.store(NOW + 901, Ordering::Relaxed);
    trial.assert_refused(&trial.good_token(), "expired").await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_what_was_signed_by_or_for_another() {
    let trial = Trial::start().await;
    trial.assert_refused(&trial.token(&trial.reader(), "other"), "another cluster").await;
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned();
    let material = SigningMaterial::SecretAccessKey(secret.try_into().expect("a secret"));
    let other_secret = Credentials { material, ..trial.reader() };
    trial.assert_refused(&trial.token(&other_secret, "sandbox"), "another secret").await;
    let session_token = trial.sandbox.credentials(Identity::NoAccess).session_token;
    let other_session = Credentials { session_token, ..trial.reader() };
    trial.assert_refused(&trial.token(&other_session, "sandbox"), "session token").await;
    let access_key_id = "ASIAIOSFODNN7EXAMPLE".to_owned().try_into().expect("an id");
    let unknown = Credentials { access_key_id, ..trial.reader() };
    trial.assert_refused(&trial.token(&unknown, "sandbox"), "access key id").await;
    // Good credentials of nobody that this cluster knows.
    let stranger = trial.token(&trial.sandbox.credentials(Identity::Stranger), "sandbox");
    trial.assert_refused(&stranger, "access entry").await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_what_was_changed_afterwards() {
    let trial = Trial::start().await;
    let token = trial.good_token();
    let changes: [(&str, Change); 7] = [
        ("the signature", |url| {
            let (head, signature) = url.split_once("X-Amz-Signature=").expect("a signature");
            let other = if signature.starts_with('0') { "1" } else { "0" };
            format!("{head}X-Amz-Signature={other}{}", &signature[1..])
        }),
        ("the signature", |url| url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")),
        ("the signature", |url| {
            url.replace("sts.eu-central-1.amazonaws.com", "sts-fips.eu-central-1.amazonaws.com")
        }),
        ("the signature", |url| {
            let (head, rest) = url.split_once("X-Amz-Date=").expect("a date");
            // One second later.
            format!("{head}X-Amz-Date={}1Z{}", &rest[..14], &rest[16..])
        }),
        ("unexpected-action", |url| url.replace("GetCallerIdentity", "GetSessionToken")),
        ("cluster-not-signed", |url| url.replace("%3Bx-k8s-aws-id", "")),
        ("unexpected-host", |url| url.replace("amazonaws.com", "example.com")),
    ];
    for (reason, change) in changes {
        let other = changed(&token, change);
        assert_ne!(other.value, token.value, "{reason}");
        trial.assert_refused(&other, reason).await;
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn tells_who_may_not() {
    let trial = Trial::start().await;
    let token = trial.token(&trial.sandbox.credentials(Identity::NoAccess), "sandbox");
    let error = trial.list(&token).await.expect_err("no permission");
    let ClientError::Forbidden(message) = &error else { panic!("{error}") };
    assert!(message.contains("cannot list resource \"pods\""), "{message}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_credentials_that_have_ended() {
    let trial = Trial::start().await;
    // Twelve hours on, signed with a clock that is right.
    let end = NOW + 12 * 3600;
    trial.clock.store(end, Ordering::Relaxed);
    let credentials = Credentials { expires_at: None, ..trial.reader() };
    let request = TokenRequest {
        cluster: trial.sandbox.cluster_name().clone(),
        region: trial.sandbox.region().clone(),
        endpoint: StsEndpoint::default(),
        signed_at: SigningTime::from_unix_seconds(end).expect("a time"),
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    };
    let token = trial.signer.create_token(&credentials, &request).expect("a token");
    trial.assert_refused(&token, "credentials expired").await;
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn logs_no_secret() {
    let trial = Trial::start().await;
    let token = trial.good_token();
    trial.list(&token).await.expect("pods");
    trial.list(&trial.token(&trial.reader(), "other")).await.expect_err("another cluster");
    let credentials = trial.reader();
    let SigningMaterial::SecretAccessKey(secret) = &credentials.material else { panic!("keys") };
    let session_token = credentials.session_token.as_ref().expect("a session").expose();
    let log = trial.log.lock().expect("no panic").clone();
    assert_eq!(log.iter().filter(|record| record.api == Api::Kubernetes).count(), 2);
    for record in &log {
        let shown = format!("{record} {record:?}");
        assert!(!shown.contains(secret.expose()), "a secret in the log");
        assert!(!shown.contains(session_token), "a session token in the log");
        assert!(!shown.contains("X-Amz-") && !shown.contains(PREFIX), "a token in the log");
    }
    trial.sandbox.stop().await;
}
