//! The name of a pod: a DNS subdomain.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names>

/// A well-formed name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PodName(String);

/// Why a pod could not be created or deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PodError {
    /// The name is none that Kubernetes takes.
    #[error(
        "a pod's name must have 1 to 253 lower-case letters, digits, hyphens and dots, and begin \
         and end each part between dots with a letter or digit"
    )]
    Name,
    /// There is a pod of this name.
    #[error("namespace default has a pod {0} already; delete it first, or choose another name")]
    Exists(String),
    /// There is no pod of this name.
    #[error("namespace default has no pod {0}; create it first, or choose another name")]
    NotFound(String),
}

impl PodName {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for PodName {
    type Error = PodError;

    fn try_from(text: &str) -> Result<Self, PodError> {
        let is_outer = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_label = |label: &str| {
            let bytes = label.as_bytes();
            bytes.first().is_some_and(is_outer)
                && bytes.last().is_some_and(is_outer)
                && bytes.iter().all(|byte| is_outer(byte) || *byte == b'-')
        };
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PodError::Name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PodName;

    #[test]
    fn names_are_those_that_kubernetes_takes() {
        let longest = "a".repeat(253);
        for name in ["a", "0", "web-1", "a.b-c.d", &longest] {
            assert!(PodName::try_from(name).is_ok(), "{name}");
        }
        let too_long = "a".repeat(254);
        for name in ["", "-a", "a-", "A", "a..b", ".a", "a_b", "a/b", "ä", &too_long] {
            assert!(PodName::try_from(name).is_err(), "{name}");
        }
    }
}
