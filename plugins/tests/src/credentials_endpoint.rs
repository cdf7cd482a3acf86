//! The endpoints that give credentials to a container and to an instance, as AWS documents them:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use eks_token_host::sandbox::Identity;
use eks_token_signer::SigningTime;
use http::{Method, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::upstream::Upstream;

/// What the agent of EKS Pod Identity wants in `Authorization`: the token of a service account.
pub const POD_IDENTITY_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.service-account";
const METADATA_SESSION: &str = "AQAEAExample==";
const ROLE: &str = "node-role";

/// What an endpoint gives.
#[derive(Debug, Clone, Copy)]
pub enum Offer {
    /// Credentials that end so many seconds from each request; less than zero for such that have
    /// ended.
    EndingIn(i64),
    /// This status.
    Status(u16),
}

/// An endpoint, and what it was asked.
#[derive(Debug)]
pub struct CredentialsEndpoint {
    port: u16,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    offer: Mutex<Offer>,
    asked: Mutex<Vec<String>>,
}

impl CredentialsEndpoint {
    /// Serves the credentials of the sandbox's reader on 127.0.0.1.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn start(upstream: &Upstream, offer: Offer) -> Self {
        let variable = |name| upstream.variable(Identity::Reader, name);
        let shared = Arc::new(Shared {
            access_key_id: variable("AWS_ACCESS_KEY_ID"),
            secret_access_key: variable("AWS_SECRET_ACCESS_KEY"),
            session_token: variable("AWS_SESSION_TOKEN"),
            offer: Mutex::new(offer),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self { port, shared, server }
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Offers something else from now on.
    ///
    /// # Panics
    /// Where a request has panicked.
    pub fn offer(&self, offer: Offer) {
        *self.shared.offer.lock().expect("no panic") = offer;
    }

    /// What it was asked: method and path.
    ///
    /// # Panics
    /// Where a request has panicked.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().expect("no panic").clone()
    }
}

impl Drop for CredentialsEndpoint {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path();
    shared.asked.lock().expect("no panic").push(format!("{} {path}", request.method()));
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let has_session = header("x-aws-ec2-metadata-token") == Some(METADATA_SESSION);
    let roles = "/latest/meta-data/iam/security-credentials/";
    match (request.method(), path) {
        (&Method::PUT, "/latest/api/token")
            if header("x-aws-ec2-metadata-token-ttl-seconds").is_some() =>
        {
            METADATA_SESSION.into_response()
        }
        (&Method::GET, path) if path == roles && has_session => ROLE.into_response(),
        (&Method::GET, path) if has_session && path.strip_prefix(roles) == Some(ROLE) => {
            shared.credentials()
        }
        (&Method::GET, "/v1/credentials")
            if header("authorization") == Some(POD_IDENTITY_TOKEN) =>
        {
            shared.credentials()
        }
        (&Method::GET, "/v2/credentials/0a1b") => shared.credentials(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

impl Shared {
    fn credentials(&self) -> Response {
        let ending_in = match *self.offer.lock().expect("no panic") {
            Offer::EndingIn(seconds) => seconds,
            Offer::Status(status) => {
                return StatusCode::from_u16(status).expect("a status").into_response();
            }
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let end = now.checked_add_signed(ending_in).expect("a time");
        let end = SigningTime::from_unix_seconds(end).expect("a time").rfc3339();
        json!({
            "Code": "Success",
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "Token": self.session_token,
            "Expiration": end.as_str(),
        })
        .to_string()
        .into_response()
    }
}
