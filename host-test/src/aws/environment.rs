//! The environment variables, taken once by the outermost layer of a program.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;

/// A snapshot of the environment variables: settings are read from it. (The AWS SDK's credential
/// providers read the real ones; a program gives a snapshot of those.) It holds secrets and shows
/// none.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The variable's value; none where it is empty, which AWS takes for absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The first of these variables that has a value.
    #[must_use]
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// In the SDK's form.
    pub(super) fn to_sdk(&self) -> aws_types::os_shim_internal::Env {
        self.0.clone().into()
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    /// Variables that are not Unicode are left out: none of ours may be.
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(variables.into_iter().filter_map(text).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
