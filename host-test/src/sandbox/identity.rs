//! The identities of a sandbox, and how AWS and EKS name them.

use super::ACCOUNT_ID;

/// The session that every identity of a sandbox is in.
const SESSION_NAME: &str = "local";

/// Who the caller may be. Each is a role with temporary credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum)]
pub enum Identity {
    /// May get and list pods in all namespaces.
    #[default]
    Reader,
    /// Known to the cluster, without permission for pods: 403.
    NoAccess,
    /// Valid AWS credentials that the cluster has no access entry for: 401.
    Stranger,
}

impl Identity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reader, Self::NoAccess, Self::Stranger];

    /// The role's name.
    pub(super) const fn role_name(self) -> &'static str {
        match self {
            Self::Reader => "sandbox-reader",
            Self::NoAccess => "sandbox-no-access",
            Self::Stranger => "sandbox-stranger",
        }
    }
}

/// What STS answers to `GetCallerIdentity`.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallerIdentity {
    /// Twelve digits.
    pub(super) account: String,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`
    pub(super) arn: String,
    /// `AROA…:SESSION`
    pub(super) user_id: String,
}

impl CallerIdentity {
    /// The session of a role whose unique id is `role_id`.
    pub(super) fn of(identity: Identity, role_id: &str) -> Self {
        let role = identity.role_name();
        Self {
            account: ACCOUNT_ID.to_owned(),
            arn: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{SESSION_NAME}"),
            user_id: format!("{role_id}:{SESSION_NAME}"),
        }
    }

    /// What the cluster compares with its access entries: the role of an assumed role, any other
    /// ARN as it is (aws-iam-authenticator `pkg/arn/arn.go`, `Canonicalize`).
    pub(super) fn canonical_arn(&self) -> String {
        let canonical = || {
            let (head, resource) = self.arn.split_once(":assumed-role/")?;
            let head = head.strip_suffix(&self.account)?.strip_suffix(":sts::")?;
            let (role, _session) = resource.rsplit_once('/')?;
            Some(format!("{head}:iam::{}:role/{role}", self.account))
        };
        canonical().unwrap_or_else(|| self.arn.clone())
    }

    /// The unique id of the role or user, without the session.
    pub(super) fn principal_id(&self) -> &str {
        self.user_id.split_once(':').map_or(self.user_id.as_str(), |(id, _session)| id)
    }

    /// The name of the role's session; empty where it is none.
    pub(super) fn session_name(&self) -> &str {
        self.user_id.split_once(':').map_or("", |(_id, session)| session)
    }
}

#[cfg(test)]
mod tests {
    use super::{CallerIdentity, Identity};

    #[test]
    fn an_assumed_role_becomes_the_role() {
        let caller = CallerIdentity::of(Identity::Reader, "AROAEXAMPLE");
        assert_eq!(caller.arn, "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local");
        assert_eq!(caller.canonical_arn(), "arn:aws:iam::111122223333:role/sandbox-reader");
        assert_eq!(caller.principal_id(), "AROAEXAMPLE");
        assert_eq!(caller.session_name(), "local");
    }

    #[test]
    fn a_user_stays_a_user() {
        let caller = CallerIdentity {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/Ada".to_owned(),
            user_id: "AIDAEXAMPLE".to_owned(),
        };
        assert_eq!(caller.canonical_arn(), caller.arn);
        assert_eq!(caller.principal_id(), "AIDAEXAMPLE");
        assert_eq!(caller.session_name(), "");
    }
}
