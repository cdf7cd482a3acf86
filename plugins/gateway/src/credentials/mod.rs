//! Credentials as AWS's own sources write them: documents in, [`Credentials`] out. Nothing here
//! asks anyone: [`Fetch`] says what to ask, and is told what was answered.

mod document;
mod environment;
mod error;
mod fetch;
mod key_file;
mod shared_file;
mod timestamp;

use eks_token_signer::Credentials;

pub use document::read_document;
pub use environment::from_variables;
pub use error::CredentialsError;
pub use fetch::{Fetch, FetchError, HttpCall, Step};
pub use key_file::KeyFile;
pub use shared_file::read_profile;

/// Reads a file of credentials in one of three formats, told apart by what is in it: what
/// `eks-token derive-key` writes; what a `credential_process` prints; or the shared credentials file
/// of the AWS command line, of which `profile` is taken.
///
/// # Errors
/// [`CredentialsError`].
pub fn read_file(text: &[u8], profile: &str) -> Result<Credentials, CredentialsError> {
    if !text.trim_ascii_start().starts_with(b"{") {
        return read_profile(text, profile);
    }
    match KeyFile::parse(text) {
        Ok(file) => Ok(file.into_credentials()),
        // It has none of the fields of a file of keys: then it is the other one.
        Err(CredentialsError::Missing("keys")) => read_document(text),
        Err(error) => Err(error),
    }
}
