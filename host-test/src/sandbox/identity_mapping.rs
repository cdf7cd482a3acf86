//! Which Kubernetes user a caller is, by the cluster's authentication mode.

use super::AuthenticationMode;
use super::access_entries::AccessEntries;
use super::aws_auth::AwsAuth;
use super::credentials::IssuedCredentials;
use super::user::User;

/// All that a cluster knows of users.
pub(super) struct IdentityMapping {
    pub(super) mode: AuthenticationMode,
    pub(super) access_entries: AccessEntries,
    /// It may exist where it does not count.
    pub(super) aws_auth: Option<AwsAuth>,
}

impl IdentityMapping {
    /// The user that the caller is, if it is one. Access entries go first.
    pub(super) fn map(&self, caller: &IssuedCredentials) -> Option<User> {
        let by_entry = || self.mode.has_access_entries().then(|| self.access_entries.map(caller));
        let by_config_map = || {
            let aws_auth = self.aws_auth.as_ref().filter(|_| self.mode.has_config_map());
            aws_auth.and_then(|aws_auth| aws_auth.map(caller))
        };
        by_entry().flatten().or_else(by_config_map)
    }
}
