//! Access entries: which Kubernetes user an AWS identity is.
//!
//! <https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html>

use serde_json::{Value, json};

use super::identity::CallerIdentity;
use super::{ACCOUNT_ID, Role};

/// The group that may read pods.
pub(super) const POD_READERS: &str = "sandbox:pod-readers";
/// The group that everyone is in who was authenticated.
pub(super) const AUTHENTICATED: &str = "system:authenticated";

/// A Kubernetes user, as a token webhook describes one (`authentication.k8s.io/v1`, `UserInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) groups: Vec<String>,
    /// What else is known of it: names and values.
    pub(super) extra: Vec<(&'static str, String)>,
}

impl User {
    /// As JSON.
    pub(super) fn to_json(&self) -> Value {
        let extra: serde_json::Map<_, _> =
            self.extra.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        json!({
            "username": self.name,
            "uid": self.uid,
            "groups": self.groups,
            "extra": extra,
        })
    }
}

/// The access entries of a cluster.
pub(super) struct AccessEntries(Vec<AccessEntry>);

/// Maps one IAM principal.
struct AccessEntry {
    /// A canonical ARN.
    principal_arn: String,
    /// May hold `{{AccountID}}` and `{{SessionName}}`.
    user_name: String,
    groups: Vec<String>,
}

impl AccessEntries {
    /// Those of a sandbox.
    pub(super) fn of_sandbox() -> Self {
        Self(vec![
            AccessEntry::for_role(Role::Reader, &[POD_READERS]),
            AccessEntry::for_role(Role::NoAccess, &[]),
            AccessEntry::for_role(Role::ChainThree, &[POD_READERS]),
            AccessEntry::for_role(Role::WithMfa, &[POD_READERS]),
        ])
    }

    /// The user that the caller is, if it is one. ARNs are compared without case.
    pub(super) fn map(&self, caller: &CallerIdentity, access_key_id: &str) -> Option<User> {
        let canonical_arn = caller.canonical_arn();
        let entry = self.0.iter().find(|e| e.principal_arn.eq_ignore_ascii_case(&canonical_arn))?;
        let mut groups = entry.groups.clone();
        // The API server adds it to everyone's.
        groups.push(AUTHENTICATED.to_owned());
        Some(User {
            name: expand(&entry.user_name, caller),
            uid: format!("aws-iam-authenticator:{}:{}", caller.account, caller.principal_id()),
            groups,
            extra: vec![
                ("accessKeyId", access_key_id.to_owned()),
                ("arn", caller.arn.clone()),
                ("canonicalArn", canonical_arn),
                ("principalId", caller.principal_id().to_owned()),
                ("sessionName", caller.session_name().to_owned()),
            ],
        })
    }
}

impl AccessEntry {
    /// With the user name that EKS gives a role's entry unless told otherwise.
    fn for_role(role: Role, groups: &[&str]) -> Self {
        let role = role.name();
        Self {
            principal_arn: format!("arn:aws:iam::{ACCOUNT_ID}:role/{role}"),
            user_name: format!(
                "arn:aws:sts::{{{{AccountID}}}}:assumed-role/{role}/{{{{SessionName}}}}"
            ),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }
}

/// Fills in a template. No user name may hold an `@` that came from a session's name.
fn expand(template: &str, caller: &CallerIdentity) -> String {
    template
        .replace("{{AccountID}}", &caller.account)
        .replace("{{SessionName}}", &caller.session_name().replace('@', "-"))
}

#[cfg(test)]
mod tests {
    use super::AccessEntries;
    use crate::sandbox::Role;
    use crate::sandbox::identity::CallerIdentity;

    #[test]
    fn a_session_of_a_mapped_role_is_a_user() {
        let mut caller = CallerIdentity::of(Role::Reader, "local");
        caller.user_id = "AROAEXAMPLE:ada@example.com".to_owned();
        caller.arn = caller.arn.to_uppercase().replace("ARN:AWS:STS::", "arn:aws:sts::");
        caller.arn = caller.arn.replace(":ASSUMED-ROLE/", ":assumed-role/");
        let user = AccessEntries::of_sandbox().map(&caller, "ASIAEXAMPLE").expect("an entry");
        assert_eq!(
            user.name,
            "arn:aws:sts::111122223333:assumed-role/sandbox-reader/ada-example.com"
        );
        assert_eq!(user.uid, "aws-iam-authenticator:111122223333:AROAEXAMPLE");
        assert_eq!(user.groups, ["sandbox:pod-readers", "system:authenticated"]);
        assert!(user.extra.contains(&("sessionName", "ada@example.com".to_owned())));
    }

    #[test]
    fn a_stranger_is_none() {
        let caller = CallerIdentity::of(Role::Stranger, "local");
        assert_eq!(AccessEntries::of_sandbox().map(&caller, "ASIAEXAMPLE"), None);
    }
}
