//! Patterns of paths: `/api/v1/namespaces/*/pods`, `/apis/apps/**`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::ApiPath;

/// Which paths. A segment `*` stands for any one segment; `**` at the end for all that follow, and
/// for none. Segments are compared after percent-decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    segments: Vec<String>,
    /// Whether it ends with `**`.
    is_open: bool,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// It does not begin with a slash.
    #[error("must begin with /")]
    NoSlash,
    /// It has an empty segment, or one of dots, or a query.
    #[error("must have no empty segment, no . or .. and no ? or %")]
    Segment,
    /// A star that is not all of a segment, or `**` that is not the last.
    #[error("may have * as a whole segment and ** as the last one")]
    Star,
}

impl PathPattern {
    /// All paths: `/**`.
    #[must_use]
    pub const fn everything() -> Self {
        Self { segments: Vec::new(), is_open: true }
    }

    /// Whether a path fits.
    #[must_use]
    pub fn matches(&self, path: &ApiPath<'_>) -> bool {
        let path = path.segments();
        let fits = if self.is_open {
            path.len() >= self.segments.len()
        } else {
            path.len() == self.segments.len()
        };
        fits && self.segments.iter().zip(path).all(|(ours, theirs)| ours == "*" || ours == theirs)
    }
}

impl TryFrom<&str> for PathPattern {
    type Error = InvalidPattern;

    fn try_from(text: &str) -> Result<Self, InvalidPattern> {
        let text = text.strip_prefix('/').ok_or(InvalidPattern::NoSlash)?;
        let (text, is_open) = match text.strip_suffix("**") {
            Some("") => return Ok(Self::everything()),
            Some(rest) => (rest.strip_suffix('/').ok_or(InvalidPattern::Star)?, true),
            None => (text, false),
        };
        let segments = text.split('/').map(segment).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { segments, is_open })
    }
}

fn segment(text: &str) -> Result<String, InvalidPattern> {
    if matches!(text, "" | "." | "..") || text.contains(['?', '#', '%', '\\', ';']) {
        Err(InvalidPattern::Segment)
    } else if text.contains('*') && text != "*" {
        Err(InvalidPattern::Star)
    } else {
        Ok(text.to_owned())
    }
}
