//! What every call to AWS is made with, but for the credentials.

use super::{Environment, Settings};
use crate::Region;

/// Environment, settings and region of a call.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The environment variables.
    pub environment: &'a Environment,
    /// What the user has set up.
    pub settings: &'a Settings,
    /// The region of the cluster, where STS is asked, too.
    pub region: &'a Region,
}
