//! From whose credentials there are to those of the roles that are asked for.

use std::fmt;

use tracing::{debug, info};

use super::profile_roles::Base;
use super::role::{AssumeRole, MfaCode};
use super::role_cache::{CacheKey, RoleCache};
use super::{AwsError, Session, credentials, sts};
use crate::Credentials;

/// Finds credentials, and assumes roles with them.
///
/// Roles that a profile names are assumed by the SDK, unless one of them wants the code of an MFA
/// device, which the SDK does not ask for, or there is a cache, which it does not have.
pub struct CredentialFinder<'a> {
    /// How AWS is called.
    pub session: Session<'a>,
    /// The roles to assume, in order, after those that the profile names.
    pub roles: &'a [AssumeRole],
    /// Whether `roles` get the session name of the credentials that the first is assumed with, where
    /// those have one.
    pub forward_session_name: bool,
    /// Where credentials of roles are kept between calls, if they are.
    pub cache: Option<&'a RoleCache>,
    /// Asks the user for the code of the device with this serial number.
    pub ask_mfa_code: &'a (dyn Fn(&str) -> Result<MfaCode, AwsError> + Sync),
    /// Unix seconds.
    pub now: u64,
}

impl CredentialFinder<'_> {
    /// The credentials of the last role; of the source where there is no role. Must be called
    /// within a tokio runtime.
    ///
    /// # Errors
    /// [`AwsError`], one variant a cause.
    pub async fn find(&self) -> Result<Credentials, AwsError> {
        let source = match self.roles_of_profile() {
            None => credentials::find_credentials(&self.session).await?,
            Some((base, roles)) => {
                let source = match base {
                    Base::Keys(keys) => keys.clone(),
                    Base::Profile(name) => credentials::of_profile(&self.session, name).await?,
                };
                self.assume(source, roles, false).await?
            }
        };
        self.assume(source, self.roles, self.forward_session_name).await
    }

    /// Those that the SDK would get wrong.
    fn roles_of_profile(&self) -> Option<(&Base, &[AssumeRole])> {
        let settings = self.session.settings;
        let is_hidden = !settings.profile_is_explicit
            && self.session.environment.get("AWS_ACCESS_KEY_ID").is_some();
        let profile = settings.profile_roles.as_ref().filter(|_| !is_hidden)?;
        let wants_code = profile.roles.iter().any(|role| role.mfa_serial.is_some());
        (wants_code || self.cache.is_some()).then_some((&profile.base, &profile.roles))
    }

    /// From the cache, if there is one and it has them.
    async fn assume(
        &self,
        source: Credentials,
        roles: &[AssumeRole],
        forward_session_name: bool,
    ) -> Result<Credentials, AwsError> {
        let Some(cache) = self.cache.filter(|_| !roles.is_empty()) else {
            return self.assume_each(source, roles, forward_session_name).await;
        };
        let key = CacheKey::new(&source.access_key_id, &self.session, roles, forward_session_name);
        if let Some(cached) = cache.read(&key, self.now) {
            debug!("the cache has the role's credentials");
            return Ok(cached);
        }
        // One process asks, the others wait for what it gets.
        let entry = cache.lock(&key).await?;
        if let Some(cached) = cache.read(&key, self.now) {
            return Ok(cached);
        }
        let credentials = self.assume_each(source, roles, forward_session_name).await?;
        entry.write(&credentials, self.now)?;
        Ok(credentials)
    }

    async fn assume_each(
        &self,
        source: Credentials,
        roles: &[AssumeRole],
        forward_session_name: bool,
    ) -> Result<Credentials, AwsError> {
        let forwarded = if forward_session_name && !roles.is_empty() {
            sts::session_name(&self.session, &source).await?
        } else {
            None
        };
        let mut credentials = source;
        for role in roles {
            let mut role = role.clone();
            if let Some(name) = &forwarded {
                role.session_name = name.clone();
            }
            let code = role.mfa_serial.as_deref().map(self.ask_mfa_code).transpose()?;
            info!(role = role.role.as_str(), "assuming a role");
            credentials =
                sts::assume_role(&self.session, &credentials, &role, code.as_ref()).await?;
        }
        Ok(credentials)
    }
}

impl fmt::Debug for CredentialFinder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialFinder")
            .field("session", &self.session)
            .field("roles", &self.roles)
            .field("forward_session_name", &self.forward_session_name)
            .field("cache", &self.cache)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
