//! What can go wrong between a program and the component.

use wasmtime::Trap;

use super::bindings;

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The component refused an argument.
    #[error("{0}")]
    Refused(#[source] eks_token_signer::Error),
    /// The component refused an argument for a reason that is newer than this program.
    #[error("the signer component refused the call: {0}")]
    RefusedOtherwise(String),
    /// A text is longer than any that could be right.
    #[error("the text is longer than {limit} bytes, which no token and no request of a client is")]
    TooLong {
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The call did not end within its deadline.
    #[error("the signer component did not answer within its deadline; the call was ended")]
    DeadlineExceeded,
    /// The component trapped: a fault of its own. Its memory is gone; the next call is not
    /// affected.
    #[error("the signer component failed: {0}")]
    Trapped(Trap),
    /// The component could not be loaded or instantiated.
    #[error("the signer component cannot be used on this machine: {0:#}")]
    Unusable(#[source] wasmtime::Error),
}

impl SignerError {
    /// Of what the component itself answered.
    pub(super) fn refused(error: bindings::exports::eks::token::types::Error) -> Self {
        match eks_token_signer::Error::try_from(error) {
            Ok(error) => Self::Refused(error),
            Err(reason) => Self::RefusedOtherwise(reason),
        }
    }

    /// Of what wasmtime says of a call that ended without an answer.
    pub(super) fn from_trap(error: wasmtime::Error) -> Self {
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Self::DeadlineExceeded,
            Some(trap) => Self::Trapped(*trap),
            None => Self::Unusable(error),
        }
    }
}
