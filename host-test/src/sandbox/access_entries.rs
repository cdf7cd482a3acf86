//! Access entries: which Kubernetes user an AWS identity is.
//!
//! <https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html>

use super::credentials::IssuedCredentials;
use super::user::{POD_READERS, User};
use super::{ACCOUNT_ID, Role};

/// The access entries of a cluster, in the order of lists.
pub(super) struct AccessEntries(Vec<AccessEntry>);

/// Maps one IAM principal.
pub(super) struct AccessEntry {
    role: Role,
    /// May hold `{{AccountID}}` and `{{SessionName}}`.
    pub(super) user_name: String,
    pub(super) groups: Vec<String>,
}

impl AccessEntries {
    /// One for each of these roles.
    pub(super) fn of(roles: &[Role]) -> Self {
        Self(roles.iter().copied().map(AccessEntry::of).collect())
    }

    /// All of them.
    pub(super) fn all(&self) -> &[AccessEntry] {
        &self.0
    }

    /// That of this principal. ARNs are compared without case.
    pub(super) fn find(&self, principal_arn: &str) -> Option<&AccessEntry> {
        self.0.iter().find(|entry| entry.principal_arn().eq_ignore_ascii_case(principal_arn))
    }

    /// The user that the caller is, if it is one. EKS knows roles by more than their ARN: unlike
    /// `aws-auth`, an entry for a role with a path counts.
    pub(super) fn map(&self, caller: &IssuedCredentials) -> Option<User> {
        let entry = self.0.iter().find(|entry| entry.role == caller.role)?;
        Some(User::of(caller, &entry.user_name, &entry.groups))
    }
}

impl AccessEntry {
    /// With the user name that EKS gives a role's entry unless told otherwise.
    fn of(role: Role) -> Self {
        let name = role.name();
        let groups = if role == Role::NoAccess { vec![] } else { vec![POD_READERS.to_owned()] };
        Self {
            role,
            user_name: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{{{{SessionName}}}}"),
            groups,
        }
    }

    /// The ARN of the role, with its path.
    pub(super) fn principal_arn(&self) -> String {
        self.role.arn()
    }

    /// `arn:aws:eks:REGION:ACCOUNT:access-entry/CLUSTER/role/ACCOUNT/ROLE/UUID`
    pub(super) fn arn(&self, region: &str, cluster_name: &str) -> String {
        let name = self.role.name();
        format!(
            "arn:aws:eks:{region}:{ACCOUNT_ID}:access-entry/{cluster_name}/role/{ACCOUNT_ID}/{name}/\
             00000000-0000-4000-8000-000000000000"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::AccessEntries;
    use crate::sandbox::credentials::IssuedSet;
    use crate::sandbox::{Identity, Role};

    #[test]
    fn a_session_of_a_mapped_role_is_a_user() {
        let issued = IssuedSet::generate(1_700_000_000).expect("randomness");
        let entries = AccessEntries::of(&[Role::Reader, Role::WithPath]);
        let user = entries.map(issued.of(Identity::Reader)).expect("an entry");
        assert_eq!(user.name, "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local");
        assert_eq!(user.groups, ["sandbox:pod-readers", "system:authenticated"]);
        let with_path = issued.assume(Role::WithPath, "ada", 1_700_000_000).expect("randomness");
        assert!(entries.map(&with_path).is_some());
        assert_eq!(entries.map(issued.of(Identity::Stranger)), None);
    }

    #[test]
    fn principals_are_found_without_case() {
        let entries = AccessEntries::of(&[Role::WithPath]);
        assert!(entries.find("arn:aws:iam::111122223333:ROLE/team/With-Path").is_some());
        assert!(entries.find("arn:aws:iam::111122223333:role/with-path").is_none());
    }
}
