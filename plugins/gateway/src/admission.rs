//! Whether a request may pass, and which cluster it is for.

pub use crate::callers::Caller;
use crate::config::{ClusterEntry, Config};
use crate::refusal::Refusal;
use crate::rules::RequestLine;

/// A request, as far as it decides anything here.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method and path.
    pub line: RequestLine<'a>,
    /// Who is asking.
    pub caller: Caller<'a>,
    /// Where it goes.
    pub destination: Destination<'a>,
}

/// What tells clusters apart. `None` is what a proxy does not know.
#[derive(Debug, Clone, Copy, Default)]
pub struct Destination<'a> {
    /// The header `Host`, or `:authority`.
    pub authority: Option<&'a str>,
    /// The name of the route that the proxy has chosen.
    pub route: Option<&'a str>,
    /// The name of the upstream that the proxy has chosen.
    pub upstream: Option<&'a str>,
}

/// A request that may pass, once a token is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// The index of the cluster in [`Config::clusters`].
    pub cluster: usize,
}

impl Config {
    /// Whether a request may pass, and which cluster it is for.
    ///
    /// # Errors
    /// [`Refusal`]. Who is asking comes first: strangers learn nothing about the rules.
    pub fn admit(&self, request: &Request<'_>) -> Result<Admission, Refusal> {
        self.callers.check(&request.caller)?;
        self.rules.check(&request.line)?;
        let is_meant = |entry: &ClusterEntry| entry.matches.fits(&request.destination);
        let cluster = self.clusters.iter().position(is_meant).ok_or(Refusal::NoCluster)?;
        Ok(Admission { cluster })
    }
}
