//! The name that a token is bound to.

use alloc::string::String;

use crate::error::{Error, Invalid, check_text, is_printable};

/// A cluster's name, or the id of a local cluster on Outposts: 1 to 256 printable ASCII
/// characters, not all of them blank. (EKS itself is stricter; other users of
/// aws-iam-authenticator put dots and more into their names.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster(String);

impl Cluster {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Cluster {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        check_text(&text, 256, is_printable).map_err(Error::Cluster)?;
        if text.bytes().all(|byte| byte == b' ') {
            // Blanks at the ends are not signed: what is left is no name.
            return Err(Error::Cluster(Invalid::Empty));
        }
        Ok(Self(text))
    }
}
