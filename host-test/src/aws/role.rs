//! What `sts:AssumeRole` is asked with.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::fmt;
use std::time::Duration;

/// An argument of a role that cannot be right. The value is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRole {
    /// The ARN.
    #[error("a role's ARN looks like arn:aws:iam::111122223333:role/NAME")]
    Arn,
    /// The name of the session.
    #[error("a session's name has 2 to 64 letters, digits and characters of _+=,.@-")]
    SessionName,
    /// The external id.
    #[error("an external id has 2 to 1224 letters, digits and characters of _+=,.@:/-")]
    ExternalId,
    /// The code of an MFA device.
    #[error("the code of an MFA device has six digits")]
    MfaCode,
}

/// The ARN of a role.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn(String);

impl RoleArn {
    /// As given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RoleArn {
    type Error = InvalidRole;

    fn try_from(text: String) -> Result<Self, InvalidRole> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().unwrap_or_default();
        let (arn, partition, service, region, account, resource) =
            (next(), next(), next(), next(), next(), next());
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_role = resource.strip_prefix("role/").is_some_and(|name| !name.is_empty());
        let is_arn = arn == "arn"
            && partition.starts_with("aws")
            && service == "iam"
            && region.is_empty()
            && text.len() <= 2048
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_arn && is_account && is_role { Ok(Self(text)) } else { Err(InvalidRole::Arn) }
    }
}

/// The name of a role's session: it stands in the trail of events, and in user names in the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionName(String);

impl SessionName {
    /// As given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SessionName {
    /// What the AWS CLI gives.
    fn default() -> Self {
        Self("EKSGetTokenAuth".to_owned())
    }
}

impl TryFrom<String> for SessionName {
    type Error = InvalidRole;

    fn try_from(text: String) -> Result<Self, InvalidRole> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if (2..=64).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidRole::SessionName)
        }
    }
}

/// What a role's trust policy may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalId(String);

impl ExternalId {
    /// As given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ExternalId {
    type Error = InvalidRole;

    fn try_from(text: String) -> Result<Self, InvalidRole> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
        if (2..=1224).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidRole::ExternalId)
        }
    }
}

/// What an MFA device shows. It is good for half a minute, and still not shown.
#[derive(Clone)]
pub struct MfaCode(String);

impl MfaCode {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode([redacted])")
    }
}

impl TryFrom<&str> for MfaCode {
    type Error = InvalidRole;

    fn try_from(text: &str) -> Result<Self, InvalidRole> {
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRole::MfaCode)
        }
    }
}

/// One role to assume.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssumeRole {
    /// Which.
    pub role: RoleArn,
    /// What its trust policy asks for, if it does.
    pub external_id: Option<ExternalId>,
    /// The session's name.
    pub session_name: SessionName,
    /// The MFA device whose code is wanted, by its serial number or ARN.
    pub mfa_serial: Option<String>,
    /// How long the session is to last; an hour unless asked otherwise.
    pub duration: Option<Duration>,
}

impl From<RoleArn> for AssumeRole {
    fn from(role: RoleArn) -> Self {
        Self {
            role,
            external_id: None,
            session_name: SessionName::default(),
            mfa_serial: None,
            duration: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_iam_makes() {
        for good in [
            "arn:aws:iam::111122223333:role/reader",
            "arn:aws-cn:iam::111122223333:role/team/a:b/reader",
            "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/x_1",
        ] {
            assert!(RoleArn::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "reader",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:user/ada",
            "arn:aws:iam::1111:role/reader",
            "arn:aws:iam:eu-west-1:111122223333:role/reader",
            "arn:aws:sts::111122223333:assumed-role/reader/me",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:role/a\n",
        ] {
            assert_eq!(RoleArn::try_from(bad.to_owned()), Err(InvalidRole::Arn), "{bad}");
        }
    }

    #[test]
    fn checks_names_and_ids() {
        assert!(SessionName::try_from("ada@example.com".to_owned()).is_ok());
        for bad in ["", "a", "a b", "a/b", "ä1", &"a".repeat(65)] {
            assert!(SessionName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(ExternalId::try_from("a:/b".to_owned()).is_ok());
        for bad in ["", "a", "a b", &"a".repeat(1225)] {
            assert!(ExternalId::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(MfaCode::try_from("123456").is_ok());
        for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(MfaCode::try_from(bad).is_err(), "{bad}");
        }
    }
}
