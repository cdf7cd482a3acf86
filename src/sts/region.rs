//! Names of regions.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use crate::error::{Error, check_text};

/// A region's name, well formed but not necessarily known: 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// A name that this crate itself knows to be well formed.
    pub(crate) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Region {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        check_text(&text, 32, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            .map_err(Error::Region)?;
        Ok(Self(text))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
