//! The query of a request.

use axum::extract::Query;
use http::Uri;

/// Decoded names and values, in their order. A query that cannot be read has none.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of(uri: &Uri) -> Self {
        Self(Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default())
    }

    /// The first of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(candidate, _)| candidate == name)?;
        Some(pair.1.as_str())
    }

    /// The same, where an empty value counts as absent.
    pub(super) fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}
