//! The configuration of a plugin: JSON in, types out. Everything is checked at the start; a
//! configuration with a mistake starts nothing.
//!
//! ```json
//! {
//!   "callers": {"authenticated_by": "client-certificate", "names": ["ci.example.com"]},
//!   "credentials": {"from": "container", "upstream": "pod_identity_agent",
//!                   "authority": "169.254.170.23", "path": "/v1/credentials"},
//!   "clusters": [
//!     {"name": "production", "region": "eu-central-1", "match": {"authorities": ["k8s.example.com"]}}
//!   ],
//!   "allow": [{"methods": ["GET", "HEAD"], "paths": ["/**"]}],
//!   "interactive": []
//! }
//! ```

mod callers;
mod cluster;
mod error;
mod field;
mod platform;
mod rules;
mod source;

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::callers::Callers;
use crate::rules::Rules;

pub use cluster::{ClusterEntry, Match, Server};
pub use error::{ConfigError, Problem};
pub use field::{Field, Object};
pub use platform::Platform;
pub use source::{ContainerEndpoint, CredentialSource, InstanceMetadata};

/// Everything that a plugin is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who may use it.
    pub callers: Callers,
    /// Where credentials come from.
    pub credentials: CredentialSource,
    /// The clusters, at least one.
    pub clusters: Vec<ClusterEntry>,
    /// What may pass.
    pub rules: Rules,
}

impl Config {
    /// Reads a configuration for a platform.
    ///
    /// ```
    /// use eks_token_gateway::config::{Config, Platform};
    ///
    /// let text = br#"{
    ///     "callers": {"authenticated_by": "earlier-filter"},
    ///     "credentials": {"from": "environment"},
    ///     "clusters": [{"name": "production", "region": "eu-central-9x"}]
    /// }"#;
    /// let error = Config::parse(text, Platform::WasiHttp).unwrap_err();
    /// assert!(error.to_string().starts_with("clusters[0].region: the region fits no AWS partition"));
    /// ```
    ///
    /// # Errors
    /// [`ConfigError`]: the first mistake, by its place.
    pub fn parse(text: &[u8], platform: Platform) -> Result<Self, ConfigError> {
        let whole = |problem| ConfigError { at: String::new(), problem };
        if text.trim_ascii().is_empty() {
            return Err(whole(Problem::None));
        }
        let value: Value = serde_json::from_slice(text).map_err(|error| {
            whole(Problem::NotJson { line: error.line(), column: error.column() })
        })?;
        Self::from_value(&value, platform)
    }

    /// What tells two configurations apart, in 16 hexadecimal digits: for data that several
    /// plugins may share by accident.
    #[must_use]
    pub fn fingerprint(text: &[u8]) -> String {
        hex::encode(Sha256::digest(text).get(..8).unwrap_or_default())
    }

    fn from_value(value: &Value, platform: Platform) -> Result<Self, ConfigError> {
        let object = Field { at: String::new(), value }
            .object("callers, credentials, clusters, allow, interactive")?;
        Ok(Self {
            callers: callers::read(object.required("callers", callers::EXPECTED)?, platform)?,
            credentials: source::read(object.required("credentials", source::EXPECTED)?, platform)?,
            clusters: cluster::read(&object.required("clusters", cluster::EXPECTED)?, platform)?,
            rules: rules::read(&object)?,
        })
    }
}

impl Rules {
    /// Reads the fields `allow` and `interactive` of an object; what is left out is as in
    /// [`Rules::reading`].
    ///
    /// # Errors
    /// [`ConfigError`]: the first mistake, by its place. Other fields are mistakes.
    pub fn from_value(value: &Value) -> Result<Self, ConfigError> {
        rules::read(&Field { at: String::new(), value }.object("allow, interactive")?)
    }
}
