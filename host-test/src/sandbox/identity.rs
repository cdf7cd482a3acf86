//! The identities of a sandbox, and how AWS and EKS name them.

use super::{ACCOUNT_ID, Role};
use crate::CallerIdentity;

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

/// Who a role's session of this name is. The ARN holds no path, whatever that of the role does.
pub(super) fn caller_identity(role: Role, session_name: &str) -> CallerIdentity {
    let name = role.name();
    CallerIdentity {
        account: ACCOUNT_ID.to_owned(),
        arn: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session_name}"),
        user_id: format!("{}:{session_name}", role.unique_id()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, caller_identity};

    #[test]
    fn the_path_of_a_role_is_lost() {
        let caller = caller_identity(Role::WithPath, "ada");
        assert_eq!(caller.arn, "arn:aws:sts::111122223333:assumed-role/with-path/ada");
        assert_eq!(caller.canonical_arn(), "arn:aws:iam::111122223333:role/with-path");
        assert_eq!(caller.principal_id(), Role::WithPath.unique_id());
    }
}
