//! The IAM roles of a sandbox's account, and who may assume them.

use super::ACCOUNT_ID;

/// The external id that [`Role::ChainTwo`] asks for.
pub const EXTERNAL_ID: &str = "external-two";
/// The MFA device that [`Role::WithMfa`] asks for.
pub const MFA_SERIAL_NUMBER: &str = "arn:aws:iam::111122223333:mfa/ada";
/// What that device shows, always.
pub const MFA_TOKEN_CODE: &str = "123456";

/// A role. There are no others, and none in other accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// That of [`Identity::Reader`](super::Identity::Reader), who may read pods. All three
    /// identities may assume it, as they may the next two.
    Reader,
    /// That of [`Identity::NoAccess`](super::Identity::NoAccess).
    NoAccess,
    /// That of [`Identity::Stranger`](super::Identity::Stranger).
    Stranger,
    /// The first of a chain: all three identities may assume it. The cluster does not know it.
    ChainOne,
    /// The second: only the first may assume it, and only with [`EXTERNAL_ID`]. The cluster does
    /// not know it.
    ChainTwo,
    /// The third: only the second may assume it. Reads pods.
    ChainThree,
    /// A role with a path, which the ARNs of its sessions do not show. All may assume it; the
    /// cluster does not know it.
    WithPath,
    /// Reads pods. The three identities may assume it, with [`MFA_SERIAL_NUMBER`] and
    /// [`MFA_TOKEN_CODE`] only.
    WithMfa,
}

/// What a role's trust policy says.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html>
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust {
    /// Whose sessions may assume it.
    pub(super) principals: &'static [Role],
    /// The condition `sts:ExternalId`.
    pub(super) external_id: Option<&'static str>,
    /// The condition `aws:MultiFactorAuthPresent`.
    pub(super) mfa: bool,
}

/// The roles of the three identities.
const IDENTITIES: &[Role] = &[Role::Reader, Role::NoAccess, Role::Stranger];

impl Role {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Reader,
        Self::NoAccess,
        Self::Stranger,
        Self::ChainOne,
        Self::ChainTwo,
        Self::ChainThree,
        Self::WithPath,
        Self::WithMfa,
    ];

    /// `arn:aws:iam::111122223333:role/NAME`, with its path where it has one.
    #[must_use]
    pub fn arn(self) -> String {
        format!("arn:aws:iam::{ACCOUNT_ID}:role{}{}", self.path(), self.name())
    }

    /// The role of this ARN. IAM tells capitals from small letters.
    pub(super) fn of_arn(arn: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.arn() == arn)
    }

    /// Its name, without the path.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "sandbox-reader",
            Self::NoAccess => "sandbox-no-access",
            Self::Stranger => "sandbox-stranger",
            Self::ChainOne => "chain-one",
            Self::ChainTwo => "chain-two",
            Self::ChainThree => "chain-three",
            Self::WithPath => "with-path",
            Self::WithMfa => "with-mfa",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::WithPath => "/team/",
            _ => "/",
        }
    }

    /// What IAM calls it, unlike its name for ever.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
    pub(super) const fn unique_id(self) -> &'static str {
        match self {
            Self::Reader => "AROASANDBOXREADERAAA",
            Self::NoAccess => "AROASANDBOXNOACCESSA",
            Self::Stranger => "AROASANDBOXSTRANGERA",
            Self::ChainOne => "AROASANDBOXCHAINONEA",
            Self::ChainTwo => "AROASANDBOXCHAINTWOA",
            Self::ChainThree => "AROASANDBOXCHAINTHRE",
            Self::WithPath => "AROASANDBOXWITHPATHA",
            Self::WithMfa => "AROASANDBOXWITHMFAAA",
        }
    }

    pub(super) const fn trust(self) -> Trust {
        let any = Trust { principals: &Self::ALL, external_id: None, mfa: false };
        match self {
            Self::Reader | Self::NoAccess | Self::Stranger | Self::ChainOne => {
                Trust { principals: IDENTITIES, ..any }
            }
            Self::ChainTwo => {
                Trust { principals: &[Self::ChainOne], external_id: Some(EXTERNAL_ID), ..any }
            }
            Self::ChainThree => Trust { principals: &[Self::ChainTwo], ..any },
            Self::WithPath => any,
            Self::WithMfa => Trust { principals: IDENTITIES, mfa: true, ..any },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Role;

    #[test]
    fn arns_show_the_path_and_lead_back() {
        assert_eq!(Role::WithPath.arn(), "arn:aws:iam::111122223333:role/team/with-path");
        assert_eq!(Role::ChainOne.arn(), "arn:aws:iam::111122223333:role/chain-one");
        for role in Role::ALL {
            assert_eq!(Role::of_arn(&role.arn()), Some(role));
        }
        assert_eq!(Role::of_arn("arn:aws:iam::111122223333:role/with-path"), None);
    }

    #[test]
    fn unique_ids_are_of_the_form_of_iam_and_differ() {
        let ids = Role::ALL.map(Role::unique_id);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        for id in ids {
            let base32 = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7');
            assert!(id.len() == 20 && id.starts_with("AROA") && id.bytes().all(base32), "{id}");
        }
    }
}
