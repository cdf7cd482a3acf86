//! The identities of a sandbox, and how AWS and EKS name them.

use super::{ACCOUNT_ID, Role};

/// The session that every identity of a sandbox is in.
pub(super) const SESSION_NAME: &str = "local";

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

    /// The role that it is a session of.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Reader => Role::Reader,
            Self::NoAccess => Role::NoAccess,
            Self::Stranger => Role::Stranger,
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
    /// A role's session of this name. The ARN holds no path, whatever that of the role does.
    pub(super) fn of(role: Role, session_name: &str) -> Self {
        let name = role.name();
        Self {
            account: ACCOUNT_ID.to_owned(),
            arn: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session_name}"),
            user_id: format!("{}:{session_name}", role.unique_id()),
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
    use super::{CallerIdentity, Role};

    #[test]
    fn an_assumed_role_becomes_the_role() {
        let caller = CallerIdentity::of(Role::Reader, "local");
        assert_eq!(caller.arn, "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local");
        assert_eq!(caller.canonical_arn(), "arn:aws:iam::111122223333:role/sandbox-reader");
        assert_eq!(caller.principal_id(), Role::Reader.unique_id());
        assert_eq!(caller.session_name(), "local");
    }

    #[test]
    fn the_path_of_a_role_is_lost() {
        let caller = CallerIdentity::of(Role::WithPath, "ada");
        assert_eq!(caller.arn, "arn:aws:sts::111122223333:assumed-role/with-path/ada");
        assert_eq!(caller.canonical_arn(), "arn:aws:iam::111122223333:role/with-path");
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
