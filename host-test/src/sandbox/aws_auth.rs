//! The `ConfigMap` `aws-auth`, as aws-iam-authenticator reads it (`pkg/mapper/configmap`).
//!
//! <https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::SandboxError;
use super::credentials::IssuedCredentials;
use super::user::User;

/// Who is whom. A part of the `ConfigMap` that cannot be read maps nobody, and stops nothing.
pub(super) struct AwsAuth {
    /// As it stands in the `ConfigMap`.
    data: BTreeMap<String, String>,
    roles: Vec<RoleMapping>,
    users: Vec<UserMapping>,
    accounts: Vec<String>,
}

#[derive(Deserialize)]
struct RoleMapping {
    #[serde(rename = "rolearn")]
    arn: String,
    #[serde(flatten)]
    user: MappedUser,
}

#[derive(Deserialize)]
struct UserMapping {
    #[serde(rename = "userarn")]
    arn: String,
    #[serde(flatten)]
    user: MappedUser,
}

#[derive(Deserialize)]
struct MappedUser {
    /// A template.
    #[serde(default)]
    username: String,
    #[serde(default)]
    groups: Vec<String>,
}

impl AwsAuth {
    /// Reads the member `data` of the `ConfigMap`.
    pub(super) fn read(yaml: &str) -> Result<Self, SandboxError> {
        let data: BTreeMap<String, String> = serde_saphyr::from_str(yaml)
            .map_err(|error| SandboxError::AwsAuth(error.to_string()))?;
        let (roles, users) = (list(&data, "mapRoles"), list(&data, "mapUsers"));
        let accounts = list(&data, "mapAccounts");
        Ok(Self { data, roles, users, accounts })
    }

    pub(super) const fn data(&self) -> &BTreeMap<String, String> {
        &self.data
    }

    /// The user that the caller is, if it is one.
    ///
    /// The canonical ARN of the caller is compared without case with the ARN of an entry as it
    /// stands: an entry for a role with a path, or for the session of a role, matches nobody.
    pub(super) fn map(&self, caller: &IssuedCredentials) -> Option<User> {
        let canonical_arn = caller.caller.canonical_arn();
        let roles = self.roles.iter().map(|entry| (&entry.arn, &entry.user));
        let users = self.users.iter().map(|entry| (&entry.arn, &entry.user));
        let found = roles.chain(users).find(|(arn, _)| arn.eq_ignore_ascii_case(&canonical_arn));
        if let Some((_, user)) = found {
            return Some(User::of(caller, &user.username, &user.groups));
        }
        // Anyone of such an account is a user of its own, in no group.
        self.accounts
            .contains(&caller.caller.account)
            .then(|| User::of(caller, &canonical_arn, &[]))
    }
}

fn list<T: DeserializeOwned>(data: &BTreeMap<String, String>, name: &str) -> Vec<T> {
    data.get(name).and_then(|yaml| serde_saphyr::from_str(yaml).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::AwsAuth;
    use crate::sandbox::credentials::IssuedSet;
    use crate::sandbox::{Identity, Role, SandboxError};

    fn user_name(yaml: &str, role: Role) -> Option<String> {
        let issued = IssuedSet::generate(1_700_000_000).expect("randomness");
        let caller = issued.assume(role, "ada", 1_700_000_000).expect("randomness");
        Some(AwsAuth::read(yaml).expect("YAML").map(&caller)?.name)
    }

    fn role_entry(arn: &str) -> String {
        format!("mapRoles: |\n  - rolearn: {arn}\n    username: \"role:{{{{SessionName}}}}\"\n")
    }

    #[test]
    fn roles_are_mapped_without_case() {
        let yaml = role_entry("arn:aws:iam::111122223333:role/Chain-One");
        assert_eq!(user_name(&yaml, Role::ChainOne).as_deref(), Some("role:ada"));
        assert_eq!(user_name(&yaml, Role::ChainTwo), None);
        let yaml = role_entry("arn:aws:iam::111122223333:role/with-path");
        assert_eq!(user_name(&yaml, Role::WithPath).as_deref(), Some("role:ada"));
    }

    #[test]
    fn paths_and_sessions_match_nobody() {
        let yaml = role_entry("arn:aws:iam::111122223333:role/team/with-path");
        assert_eq!(user_name(&yaml, Role::WithPath), None);
        let yaml = role_entry("arn:aws:sts::111122223333:assumed-role/chain-one/ada");
        assert_eq!(user_name(&yaml, Role::ChainOne), None);
    }

    #[test]
    fn groups_and_accounts_count() {
        let yaml = "mapUsers: |\n  - userarn: arn:aws:iam::111122223333:role/sandbox-reader\n    \
                    username: reader\n    groups: [a, b]\nmapAccounts: |\n  - \"111122223333\"\n";
        let issued = IssuedSet::generate(1_700_000_000).expect("randomness");
        let user = AwsAuth::read(yaml).expect("YAML").map(issued.of(Identity::Reader));
        assert_eq!(user.expect("a user").groups, ["a", "b", "system:authenticated"]);
        let arn = "arn:aws:iam::111122223333:role/chain-one";
        assert_eq!(user_name(yaml, Role::ChainOne).as_deref(), Some(arn));
    }

    #[test]
    fn what_cannot_be_read_maps_nobody() {
        assert_eq!(user_name("mapRoles: \"- rolearn: [\"\n", Role::ChainOne), None);
        assert!(matches!(AwsAuth::read("- a\n"), Err(SandboxError::AwsAuth(_))));
    }
}
