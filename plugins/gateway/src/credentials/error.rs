//! What is wrong with a document of credentials: the field, never its value.

use eks_token_signer::Error;

/// What is wrong with a document of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// No JSON object.
    #[error("it is not a JSON object")]
    NotJson,
    /// From another version of this program.
    #[error("its version is not 1")]
    Version,
    /// A field is missing.
    #[error("the field {0} is missing")]
    Missing(&'static str),
    /// A field is not of its type.
    #[error("the field {field} must be {allowed}")]
    Type {
        /// Its name.
        field: &'static str,
        /// What it must be.
        allowed: &'static str,
    },
    /// A field holds what cannot be right.
    #[error("the field {field}: {error}")]
    Value {
        /// Its name.
        field: &'static str,
        /// What is wrong with the value.
        error: Error,
    },
    /// The source says that it has none.
    #[error("the source says that it has none to give")]
    Refused,
    /// A file that is no text.
    #[error("it is not text in UTF-8")]
    NotText,
    /// The profile is not in the file.
    #[error("it has no such profile")]
    NoProfile,
    /// The profile points to a source that a plugin cannot ask.
    #[error(
        "the profile has no access key of its own; a plugin assumes no role and runs no process"
    )]
    NoKey,
    /// They have to be asked for, or read from a file.
    #[error("they are not at hand")]
    NotAtHand,
}
