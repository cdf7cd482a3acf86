//! How credentials are asked for over HTTP: which requests, one after the other.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use eks_token_signer::Credentials;

use super::document::read_document;
use super::error::CredentialsError;
use crate::config::{ContainerEndpoint, CredentialSource, InstanceMetadata};
use crate::refusal::Unavailable;

/// How long a session with the metadata service lasts, in seconds; the longest there is.
const METADATA_SESSION: &str = "21600";
/// Where the agent of EKS Pod Identity gives credentials.
const POD_IDENTITY: &str = "/v1/credentials";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// A request to be sent. Its headers may hold a secret.
pub struct HttpCall {
    /// The proxy's name for whom to ask.
    pub upstream: String,
    /// The method.
    pub method: &'static str,
    /// What to say in `Host`.
    pub authority: String,
    /// The path.
    pub path: String,
    /// Further headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// Send this, and tell what was answered.
    Ask(Fetch, HttpCall),
    /// Here they are.
    Done(Credentials),
}

/// Why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No answer.
    #[error("no answer")]
    Silent,
    /// Another status than 200.
    #[error("status {0}")]
    Status(u16),
    /// An answer that cannot be read.
    #[error("{0}")]
    Document(CredentialsError),
    /// The metadata service names no role, or something that is no name of one.
    #[error("the instance has no role")]
    NoRole,
}

impl From<FetchError> for Unavailable {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Silent => Self::SourceSilent,
            FetchError::Status(status) => Self::SourceRefused(status),
            FetchError::NoRole => Self::Missing,
            FetchError::Document(_) => Self::Unreadable,
        }
    }
}

/// A way to credentials that has begun: what the next answer means.
pub struct Fetch(State);

enum State {
    /// The answer is a document.
    Document,
    /// The answer is the token of a session with the metadata service.
    Session(InstanceMetadata),
    /// The answer is the name of the instance's role.
    Role(InstanceMetadata, String),
}

impl Fetch {
    /// Begins to ask a source; `None` where it is none that is asked over HTTP. Through `variable`
    /// it reads what EKS and ECS tell a container.
    pub fn begin(
        source: &CredentialSource,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Option<(Self, HttpCall)> {
        match source {
            CredentialSource::Container(endpoint) => Some(Self::container(endpoint, variable)),
            CredentialSource::InstanceMetadata(endpoint) => Some(Self::metadata(endpoint)),
            _ => None,
        }
    }

    /// A container's endpoint. The header `Authorization` is left out where there is no variable
    /// for it: then the proxy adds it itself.
    fn container(
        endpoint: &ContainerEndpoint,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> (Self, HttpCall) {
        let path = endpoint.path.clone();
        let path = path.or_else(|| variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
        let path = path.or_else(|| path_of(&variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")?));
        let authorization = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        let call = HttpCall {
            upstream: endpoint.upstream.clone(),
            method: "GET",
            authority: endpoint.authority.clone(),
            path: path.unwrap_or_else(|| POD_IDENTITY.to_owned()),
            headers: authorization.map(|value| ("authorization", value)).into_iter().collect(),
        };
        (Self(State::Document), call)
    }

    /// The instance metadata service, version 2: a session, the role's name, its credentials.
    fn metadata(endpoint: &InstanceMetadata) -> (Self, HttpCall) {
        let ttl = ("x-aws-ec2-metadata-token-ttl-seconds", METADATA_SESSION.to_owned());
        let call = metadata_call(endpoint, "PUT", "/latest/api/token".to_owned(), ttl);
        (Self(State::Session(endpoint.clone())), call)
    }

    /// What comes after an answer; `None` where there was none.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn answered(self, answer: Option<(u16, &[u8])>) -> Result<Step, FetchError> {
        let body = match answer {
            None => return Err(FetchError::Silent),
            Some((200, body)) => body,
            Some((status, _)) => return Err(FetchError::Status(status)),
        };
        let ask = |state, call| Ok(Step::Ask(Self(state), call));
        let session = |token: &str| ("x-aws-ec2-metadata-token", token.to_owned());
        match self.0 {
            State::Document => read_document(body).map(Step::Done).map_err(FetchError::Document),
            State::Session(endpoint) => {
                let token = word(body).ok_or(FetchError::Document(CredentialsError::NotText))?;
                let call = metadata_call(&endpoint, "GET", ROLES.to_owned(), session(token));
                ask(State::Role(endpoint, token.to_owned()), call)
            }
            State::Role(endpoint, token) => {
                let role = word(body).filter(|role| is_role(role)).ok_or(FetchError::NoRole)?;
                let path = ROLES.to_owned() + role;
                ask(State::Document, metadata_call(&endpoint, "GET", path, session(&token)))
            }
        }
    }
}

fn metadata_call(
    endpoint: &InstanceMetadata,
    method: &'static str,
    path: String,
    header: (&'static str, String),
) -> HttpCall {
    let InstanceMetadata { upstream, authority } = endpoint.clone();
    HttpCall { upstream, method, authority, path, headers: [header].into() }
}

/// The first line of an answer, where it is visible ASCII.
fn word(body: &[u8]) -> Option<&str> {
    let line = core::str::from_utf8(body).ok()?.lines().next()?.trim();
    (!line.is_empty() && line.bytes().all(|byte| byte.is_ascii_graphic())).then_some(line)
}

/// The path of `http://host/path`.
fn path_of(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    rest.find('/').and_then(|at| rest.get(at..)).map(str::to_owned)
}

/// IAM: letters, digits and `+=,.@_-`.
fn is_role(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Document => "Fetch(document)",
            State::Session(_) => "Fetch(session)",
            State::Role(..) => "Fetch(role)",
        })
    }
}

impl fmt::Debug for HttpCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpCall")
            .field("upstream", &self.upstream)
            .field("method", &self.method)
            .field("authority", &self.authority)
            .finish_non_exhaustive()
    }
}
