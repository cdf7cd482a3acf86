//! What is outside: the clock and the environment, looked at once.

use std::time::{SystemTime, UNIX_EPOCH};

use eks_token_host::SigningTime;
use eks_token_host::aws::Environment;
use eks_token_host::kube::ProxySettings;

use crate::failure::Failure;

/// The state of the world when the command began.
pub(crate) struct World {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) now: u64,
    /// The environment variables.
    pub(crate) environment: Environment,
}

impl World {
    /// Reads the clock and the environment.
    pub(crate) fn observe() -> Self {
        Self {
            // A clock before 1970 is as wrong as one that stands at 1970.
            now: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            environment: std::env::vars_os().collect(),
        }
    }

    /// The present, as a signature has it.
    pub(crate) fn signing_time(&self) -> Result<SigningTime, Failure> {
        SigningTime::from_unix_seconds(self.now).map_err(|_| Failure::Clock)
    }

    /// `HTTPS_PROXY` and `NO_PROXY`.
    pub(crate) fn proxy(&self) -> ProxySettings {
        ProxySettings::from_variables(|names| self.environment.first(names))
    }
}
