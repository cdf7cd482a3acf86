//! The roles that a profile names, and what they are assumed with.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

use std::time::Duration;

use aws_config::profile::{Profile, ProfileSet};

use super::AwsError;
use super::role::{AssumeRole, ExternalId, RoleArn, SessionName};
use crate::{Credentials, SigningMaterial};

/// From the profile that has credentials up to the one in use.
#[derive(Debug, Clone)]
pub(super) struct ProfileRoles {
    pub(super) base: Base,
    /// In the order in which they are assumed; at least one.
    pub(super) roles: Vec<AssumeRole>,
}

/// What the first role is assumed with.
#[derive(Debug, Clone)]
pub(super) enum Base {
    /// The credentials of this profile, wherever it has them from.
    Profile(String),
    /// Keys that stand in a profile beside the role that they are for.
    Keys(Credentials),
}

impl ProfileRoles {
    /// None where the profile in use names no role with a `source_profile`: what else there may be
    /// is the SDK's.
    pub(super) fn read(profiles: &ProfileSet, name: &str) -> Result<Option<Self>, AwsError> {
        let mut roles = Vec::new();
        let mut visited = Vec::new();
        let mut name = name;
        while let Some(profile) = profiles.get_profile(name) {
            let (Some(role), Some(source)) =
                (profile.get("role_arn"), profile.get("source_profile"))
            else {
                break;
            };
            roles.push(assume_role(profile, role)?);
            visited.push(name);
            if source == name {
                roles.reverse();
                return Ok(Some(Self { base: Base::Keys(keys(profile)?), roles }));
            }
            if visited.contains(&source) {
                // The SDK says so, naming the profiles.
                return Ok(None);
            }
            name = source;
        }
        roles.reverse();
        let base = Base::Profile(name.to_owned());
        Ok((!roles.is_empty()).then_some(Self { base, roles }))
    }
}

fn assume_role(profile: &Profile, role: &str) -> Result<AssumeRole, AwsError> {
    let get = |key| profile.get(key).map(str::to_owned);
    let duration = get("duration_seconds").map(|text| text.parse().map(Duration::from_secs));
    Ok(AssumeRole {
        role: RoleArn::try_from(role.to_owned())?,
        external_id: get("external_id").map(ExternalId::try_from).transpose()?,
        session_name: get("role_session_name")
            .map(SessionName::try_from)
            .transpose()?
            .unwrap_or_default(),
        mfa_serial: get("mfa_serial").filter(|serial| !serial.is_empty()),
        duration: duration.transpose().map_err(|_| AwsError::InvalidSetting {
            name: "duration_seconds",
            allowed: "a number of seconds from 900 to 43200",
        })?,
    })
}

fn keys(profile: &Profile) -> Result<Credentials, AwsError> {
    let get = |key: &'static str, variable, other| {
        let value = profile.get(key).filter(|value| !value.is_empty());
        value.ok_or(AwsError::PartialCredentials { present: other, missing: variable })
    };
    let id = get("aws_access_key_id", "aws_access_key_id", "source_profile")?;
    let secret = get("aws_secret_access_key", "aws_secret_access_key", "aws_access_key_id")?;
    let session_token = profile.get("aws_session_token").map(str::to_owned);
    Ok(Credentials {
        access_key_id: id.to_owned().try_into()?,
        material: SigningMaterial::SecretAccessKey(secret.to_owned().try_into()?),
        session_token: session_token.map(TryInto::try_into).transpose()?,
        expires_at: None,
    })
}
