//! A client that says what it is told to say.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A client without TLS. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    inner: legacy::Client<HttpConnector, Full<Bytes>>,
    origin: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// For a port on 127.0.0.1.
    #[must_use]
    pub fn new(port: u16) -> Self {
        let inner = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { inner, origin: format!("http://127.0.0.1:{port}") }
    }

    /// Asks with further headers.
    ///
    /// # Panics
    /// Where nothing is answered.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &[u8])]) -> Answer {
        self.try_ask(method, path, headers).await.expect("an answer")
    }

    /// Asks for `path`.
    ///
    /// # Panics
    /// Where nothing is answered.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// Asks with further headers; `None` where nothing is answered.
    ///
    /// # Panics
    /// Where that is no request.
    pub async fn try_ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &[u8])],
    ) -> Option<Answer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::default()).expect("a request");
        let response: Response<_> = self.inner.request(request).await.ok()?;
        let status = response.status();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some(Answer { status, body })
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error} in {} {}", self.status, String::from_utf8_lossy(&self.body))
        })
    }

    /// The message of a Kubernetes `Status`.
    ///
    /// # Panics
    /// Where it has none.
    #[must_use]
    pub fn message(&self) -> String {
        self.json()["message"].as_str().expect("a message").to_owned()
    }
}
