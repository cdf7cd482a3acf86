//! What may pass: methods and paths as lists, and the ways into a container each by its name.

mod interactive;
mod path;
mod pattern;

use alloc::string::String;
use alloc::vec::Vec;

pub use interactive::Interactive;
pub use path::{AmbiguousPath, ApiPath};
pub use pattern::{InvalidPattern, PathPattern};

use crate::refusal::Refusal;

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct RequestLine<'a> {
    /// The method, as it was sent.
    pub method: &'a str,
    /// The path as it was sent, with or without a query.
    pub path: &'a str,
    /// Whether the request asks for another protocol on its connection: a header `Upgrade`, or
    /// `:protocol` in HTTP/2.
    pub upgrade: bool,
}

/// Methods that may be used on paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The methods, in capitals.
    pub methods: Vec<String>,
    /// The paths.
    pub paths: Vec<PathPattern>,
}

/// Everything that may pass. All else is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// One of them must allow a request, unless it goes into a container.
    pub allow: Vec<Rule>,
    /// The ways into containers that are open.
    pub interactive: Vec<Interactive>,
}

impl Rules {
    /// Reading only: GET and HEAD on all paths, and no way into a container.
    #[must_use]
    pub fn reading() -> Self {
        let methods = ["GET", "HEAD"].map(String::from).into();
        let paths = [PathPattern::everything()].into();
        Self { allow: [Rule { methods, paths }].into(), interactive: Vec::new() }
    }

    /// Whether a request may pass.
    ///
    /// # Errors
    /// [`Refusal`], which says why not.
    pub fn check(&self, request: &RequestLine<'_>) -> Result<(), Refusal> {
        let path = ApiPath::parse(request.path).map_err(|_| Refusal::AmbiguousPath)?;
        if let Some(way) = path.interactive() {
            return if self.interactive.contains(&way) { Ok(()) } else { Err(way.refusal()) };
        }
        if request.upgrade {
            return Err(Refusal::Upgrade);
        }
        if self.allow.iter().any(|rule| rule.allows(request.method, &path)) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed)
        }
    }
}

impl Default for Rules {
    /// Reading only.
    fn default() -> Self {
        Self::reading()
    }
}

impl Rule {
    fn allows(&self, method: &str, path: &ApiPath<'_>) -> bool {
        self.methods.iter().any(|allowed| allowed == method)
            && self.paths.iter().any(|pattern| pattern.matches(path))
    }
}
