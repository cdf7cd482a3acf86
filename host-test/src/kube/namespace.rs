//! Names of namespaces.

use std::fmt;

/// An RFC 1123 label: 1 to 63 of `a-z`, `0-9` and inner hyphens.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace(String);

/// The text is no such label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a namespace must be 1 to 63 characters of a-z, 0-9 and inner hyphens")]
pub struct InvalidNamespace;

impl Namespace {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Namespace {
    /// `default`, which every cluster has.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl TryFrom<String> for Namespace {
    type Error = InvalidNamespace;

    fn try_from(text: String) -> Result<Self, InvalidNamespace> {
        let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if !(1..=63).contains(&text.len())
            || text.starts_with('-')
            || text.ends_with('-')
            || !text.bytes().all(is_allowed)
        {
            return Err(InvalidNamespace);
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
