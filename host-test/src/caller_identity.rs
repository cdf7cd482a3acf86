//! Who signs, as STS and EKS name them.

/// What STS answers to `GetCallerIdentity`.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    /// Twelve digits.
    pub account: String,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, or a user's.
    pub arn: String,
    /// `AROA…:SESSION`, or `AIDA…`.
    pub user_id: String,
}

impl CallerIdentity {
    /// What a cluster compares with its access entries and `aws-auth`: the role of an assumed role,
    /// without its path, which STS does not tell; any other ARN as it is (aws-iam-authenticator
    /// `pkg/arn/arn.go`, `Canonicalize`).
    ///
    /// ```
    /// use eks_token_host::CallerIdentity;
    ///
    /// let caller = CallerIdentity {
    ///     account: "111122223333".to_owned(),
    ///     arn: "arn:aws:sts::111122223333:assumed-role/reader/ada".to_owned(),
    ///     user_id: "AROAEXAMPLE:ada".to_owned(),
    /// };
    /// assert_eq!(caller.canonical_arn(), "arn:aws:iam::111122223333:role/reader");
    /// assert_eq!(caller.session_name(), Some("ada"));
    /// ```
    #[must_use]
    pub fn canonical_arn(&self) -> String {
        let canonical = || {
            let (head, resource) = self.arn.split_once(":assumed-role/")?;
            let head = head.strip_suffix(&self.account)?.strip_suffix(":sts::")?;
            let (role, _session) = resource.rsplit_once('/')?;
            Some(format!("{head}:iam::{}:role/{role}", self.account))
        };
        canonical().unwrap_or_else(|| self.arn.clone())
    }

    /// The unique id of the role or user, without the session.
    #[must_use]
    pub fn principal_id(&self) -> &str {
        self.user_id.split_once(':').map_or(self.user_id.as_str(), |(id, _session)| id)
    }

    /// The name of the role's session; none where it is none.
    #[must_use]
    pub fn session_name(&self) -> Option<&str> {
        self.user_id.split_once(':').map(|(_id, session)| session)
    }
}

#[cfg(test)]
mod tests {
    use super::CallerIdentity;

    #[test]
    fn an_assumed_role_becomes_the_role() {
        let caller = CallerIdentity {
            account: "111122223333".to_owned(),
            arn: "arn:aws-cn:sts::111122223333:assumed-role/reader/local".to_owned(),
            user_id: "AROAEXAMPLE:local".to_owned(),
        };
        assert_eq!(caller.canonical_arn(), "arn:aws-cn:iam::111122223333:role/reader");
        assert_eq!(caller.principal_id(), "AROAEXAMPLE");
        assert_eq!(caller.session_name(), Some("local"));
    }

    #[test]
    fn a_user_stays_a_user() {
        let caller = CallerIdentity {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/team/Ada".to_owned(),
            user_id: "AIDAEXAMPLE".to_owned(),
        };
        assert_eq!(caller.canonical_arn(), caller.arn);
        assert_eq!(caller.principal_id(), "AIDAEXAMPLE");
        assert_eq!(caller.session_name(), None);
    }
}
