//! Kubernetes users, and how AWS identities become them.

use serde_json::{Value, json};

use super::credentials::IssuedCredentials;

/// The group that may read pods, and `aws-auth`: for entries of `aws-auth`.
pub const POD_READERS: &str = "sandbox:pod-readers";
/// The group that everyone is in who was authenticated.
pub(super) const AUTHENTICATED: &str = "system:authenticated";
/// The group that may do all that anyone may.
pub(super) const MASTERS: &str = "system:masters";

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
    /// The user that an entry makes of a caller: with a name from this template, in these groups.
    pub(super) fn of(caller: &IssuedCredentials, template: &str, groups: &[String]) -> Self {
        let identity = &caller.caller;
        let mut groups = groups.to_vec();
        // The API server adds it to everyone's.
        groups.push(AUTHENTICATED.to_owned());
        Self {
            name: expand(template, caller),
            uid: format!("aws-iam-authenticator:{}:{}", identity.account, identity.principal_id()),
            groups,
            extra: vec![
                ("accessKeyId", caller.access_key_id.as_str().to_owned()),
                ("arn", identity.arn.clone()),
                ("canonicalArn", identity.canonical_arn()),
                ("principalId", identity.principal_id().to_owned()),
                ("sessionName", identity.session_name().unwrap_or_default().to_owned()),
            ],
        }
    }

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

/// Fills in a template (aws-iam-authenticator `pkg/server/server.go`, `renderTemplate`). No user
/// name may hold an `@` that came from a session's name, unless the template asks for it.
fn expand(template: &str, caller: &IssuedCredentials) -> String {
    let session_name = caller.caller.session_name().unwrap_or_default();
    template
        .replace("{{AccountID}}", &caller.caller.account)
        .replace("{{AccessKeyID}}", caller.access_key_id.as_str())
        .replace("{{SessionName}}", &session_name.replace('@', "-"))
        .replace("{{SessionNameRaw}}", session_name)
}

#[cfg(test)]
mod tests {
    use super::User;
    use crate::sandbox::Role;
    use crate::sandbox::credentials::IssuedSet;

    #[test]
    fn templates_are_filled_in() {
        let issued = IssuedSet::generate(1_700_000_000).expect("randomness");
        let caller =
            issued.assume(Role::Reader, "ada@example.com", 1_700_000_000).expect("randomness");
        let template = "{{AccountID}} {{SessionName}} {{SessionNameRaw}} {{AccessKeyID}}";
        let user = User::of(&caller, template, &["readers".to_owned()]);
        let id = caller.access_key_id.as_str();
        assert_eq!(user.name, format!("111122223333 ada-example.com ada@example.com {id}"));
        assert_eq!(user.uid, "aws-iam-authenticator:111122223333:AROASANDBOXREADERAAA");
        assert_eq!(user.groups, ["readers", "system:authenticated"]);
        assert!(user.extra.contains(&("sessionName", "ada@example.com".to_owned())));
    }
}
