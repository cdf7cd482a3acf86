//! Whether a cluster knows an identity, and the classic ways in which it nearly does.

use eks_token_host::CallerIdentity;

/// An ARN that the cluster maps, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapped {
    pub(super) arn: String,
    pub(super) by: MappedBy,
}

/// Where a mapping is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MappedBy {
    /// An access entry: role ARNs have their path there.
    AccessEntry,
    /// `mapRoles` of the `ConfigMap` `aws-auth`.
    MapRoles,
    /// `mapUsers` there.
    MapUsers,
}

/// What the mappings make of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is known.
    Known(Mapped),
    /// It is nearly known.
    Mistaken(Mapped, Mistake),
    /// It is not known.
    Unknown,
}

/// What is wrong with a mapping that was meant for the identity, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mistake {
    /// A role under `mapUsers`, or a user under `mapRoles`.
    WrongList,
    /// The ARN of a session instead of its role's.
    AssumedRole,
    /// STS tells no path, so an ARN with one never matches.
    RolePath,
    /// The role of the same name in another account.
    OtherAccount,
}

impl Mistake {
    /// For programs.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::RolePath => "role-path",
            Self::AssumedRole => "assumed-role-arn",
            Self::OtherAccount => "wrong-account",
            Self::WrongList => "wrong-list",
        }
    }
}

/// Looks for the identity, then for what was meant to be it.
pub(super) fn judge(caller: &CallerIdentity, mapped: &[Mapped]) -> Verdict {
    let canonical = caller.canonical_arn();
    if let Some(known) = mapped.iter().find(|mapped| matches(mapped, &canonical)) {
        return Verdict::Known(known.clone());
    }
    let mistakes = mapped.iter().filter_map(|mapped| Some((mistake(mapped, &canonical)?, mapped)));
    match mistakes.min_by_key(|(mistake, _)| *mistake) {
        Some((mistake, mapped)) => Verdict::Mistaken(mapped.clone(), mistake),
        None => Verdict::Unknown,
    }
}

/// What keeps a mapping from being that of `canonical`; none where it is clearly another's.
fn mistake(mapped: &Mapped, canonical: &str) -> Option<Mistake> {
    if mapped.arn.eq_ignore_ascii_case(canonical) {
        return Some(Mistake::WrongList);
    }
    let (own, other) = (Principal::parse(canonical)?, Principal::parse(&mapped.arn)?);
    if other.kind == "assumed-role" {
        own.is_role_of(other.path).then_some(Mistake::AssumedRole)
    } else if own.is_same_but_for_path(&other) {
        Some(Mistake::RolePath)
    } else {
        own.is_same_but_for_account(&other).then_some(Mistake::OtherAccount)
    }
}

/// As aws-iam-authenticator compares: canonical ARNs, without case. `mapUsers` knows no role. An
/// access entry has the path that STS keeps to itself, and EKS knows the role by more than its name.
fn matches(mapped: &Mapped, canonical: &str) -> bool {
    let is_equal = mapped.arn.eq_ignore_ascii_case(canonical);
    let is_role = canonical.contains(":role/");
    match mapped.by {
        MappedBy::MapRoles => is_equal && is_role,
        MappedBy::MapUsers => is_equal && !is_role,
        MappedBy::AccessEntry => {
            let pair = (Principal::parse(&mapped.arn), Principal::parse(canonical));
            is_equal || matches!(pair, (Some(entry), Some(own)) if own.is_same_but_for_path(&entry))
        }
    }
}

/// An IAM ARN, taken apart.
struct Principal<'a> {
    account: &'a str,
    /// Such as `role` or `user`.
    kind: &'a str,
    /// What stands behind the kind.
    path: &'a str,
}

impl<'a> Principal<'a> {
    fn parse(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':').skip(4);
        let (account, resource) = (parts.next()?, parts.next()?);
        let (kind, path) = resource.split_once('/')?;
        Some(Self { account, kind, path })
    }

    fn name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether that is a session of this role: `ROLE/SESSION`, or `ROLE` alone.
    fn is_role_of(&self, session: &str) -> bool {
        let role = session.split('/').next().unwrap_or(session);
        self.kind == "role" && role.eq_ignore_ascii_case(self.name())
    }

    fn is_same_but_for_path(&self, other: &Principal<'_>) -> bool {
        self.account == other.account
            && self.kind == other.kind
            && self.path != other.path
            && self.name().eq_ignore_ascii_case(other.name())
    }

    fn is_same_but_for_account(&self, other: &Principal<'_>) -> bool {
        self.account != other.account
            && self.kind == other.kind
            && self.name().eq_ignore_ascii_case(other.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(by: MappedBy, arn: &str) -> Verdict {
        let caller = CallerIdentity {
            account: "111122223333".to_owned(),
            arn: "arn:aws:sts::111122223333:assumed-role/deploy/ada".to_owned(),
            user_id: "AROAEXAMPLE:ada".to_owned(),
        };
        let other = Mapped { arn: "arn:aws:iam::111122223333:role/other".to_owned(), by };
        judge(&caller, &[other, Mapped { arn: arn.to_owned(), by }])
    }

    fn mistake(by: MappedBy, arn: &str) -> Option<Mistake> {
        match verdict(by, arn) {
            Verdict::Mistaken(mapped, mistake) => {
                assert_eq!(mapped.arn, arn);
                Some(mistake)
            }
            Verdict::Known(_) | Verdict::Unknown => None,
        }
    }

    #[test]
    fn knows_the_role_without_case() {
        for arn in
            ["arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:role/Deploy"]
        {
            assert!(matches!(verdict(MappedBy::MapRoles, arn), Verdict::Known(_)), "{arn}");
        }
        let with_path = "arn:aws:iam::111122223333:role/team/deploy";
        assert!(matches!(verdict(MappedBy::AccessEntry, with_path), Verdict::Known(_)));
    }

    #[test]
    fn names_the_classic_mistakes() {
        use MappedBy::{MapRoles, MapUsers};
        assert_eq!(
            mistake(MapRoles, "arn:aws:iam::111122223333:role/team/deploy"),
            Some(Mistake::RolePath)
        );
        for arn in [
            "arn:aws:sts::111122223333:assumed-role/deploy/ada",
            "arn:aws:sts::111122223333:assumed-role/deploy",
        ] {
            assert_eq!(mistake(MapRoles, arn), Some(Mistake::AssumedRole), "{arn}");
        }
        assert_eq!(
            mistake(MapRoles, "arn:aws:iam::999988887777:role/deploy"),
            Some(Mistake::OtherAccount)
        );
        assert_eq!(
            mistake(MapUsers, "arn:aws:iam::111122223333:role/deploy"),
            Some(Mistake::WrongList)
        );
    }

    #[test]
    fn knows_no_stranger() {
        for arn in ["arn:aws:iam::111122223333:role/deployer", "nonsense", ""] {
            assert_eq!(verdict(MappedBy::MapRoles, arn), Verdict::Unknown, "{arn}");
        }
    }
}
