//! Why a cluster gave no answer, or not the one that was asked for.

use kube::core::Status;

use super::redirect::Redirected;
use super::{InvalidProxy, TransportFault};
use crate::transport::{chain, one_line};

/// One variant a cause, each with its remedy. None holds the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// 401. EKS says no more than that.
    #[error(
        "the API server did not accept the token (401 Unauthorized): it has expired, is for a \
         cluster of another name or region, or this AWS identity has no access entry; check the \
         clock, --cluster-name and --region, then the cluster's access entries or aws-auth"
    )]
    Unauthorized,
    /// 403. Holds what the server's authorizer said.
    #[error(
        "the API server knows the identity but does not allow this (403 Forbidden): {0}; ask for \
         a Role or access policy that allows it"
    )]
    Forbidden(String),
    /// Any other answer but success.
    #[error("the API server answered {status}: {message}")]
    Answer {
        /// The HTTP status.
        status: u16,
        /// What the server said, as one line.
        message: String,
    },
    /// The server pointed elsewhere.
    #[error(
        "the API server answered with a redirect ({0}), which is refused: a token must not travel \
         on; give the address of the API server itself"
    )]
    Redirected(u16),
    /// The answer is not what the API documents.
    #[error("the answer is not of the Kubernetes API ({0}); check the address of the server")]
    Malformed(String),
    /// No answer came.
    #[error("cannot reach the API server: {0}")]
    Transport(TransportFault),
    /// The proxy's URL cannot be used.
    #[error(transparent)]
    Proxy(#[from] InvalidProxy),
    /// The client could not be set up.
    #[error("cannot set up TLS: {0}")]
    Setup(String),
}

impl ClientError {
    /// Of a request that got no answer.
    pub(super) fn of_request(error: &kube::Error) -> Self {
        match chain(error).find_map(|error| error.downcast_ref::<Redirected>()) {
            Some(redirected) => Self::Redirected(redirected.status),
            None => Self::Transport(TransportFault::of(error)),
        }
    }

    /// Of an answer other than success: `body` is a `metav1.Status`, or whatever a proxy says.
    pub(super) fn of_answer(status: u16, body: &[u8]) -> Self {
        let message = serde_json::from_slice::<Status>(body)
            .ok()
            .map(|status| one_line(&status.message))
            .filter(|message| !message.is_empty());
        match status {
            401 => Self::Unauthorized,
            403 => {
                Self::Forbidden(message.unwrap_or_else(|| "the server gives no reason".to_owned()))
            }
            _ => Self::Answer {
                status,
                message: message.unwrap_or_else(|| "no Kubernetes status".to_owned()),
            },
        }
    }
}
