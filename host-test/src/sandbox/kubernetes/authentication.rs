//! Who is asking?

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::ApiServer;
use crate::sandbox::authenticator::{TokenRefusal, Verified};
use crate::sandbox::user::User;

/// Why nobody was recognised: for the operator, while the caller is told "Unauthorized" alone.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("there is no bearer token")]
    NoToken,
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    #[error("no access entry, and no entry of aws-auth that counts, maps {0}")]
    NotMapped(String),
}

/// Who was recognised.
pub(super) struct Authenticated {
    pub(super) user: User,
    /// The last second (Unix) in which the token is taken.
    pub(super) token_good_until: u64,
}

impl ApiServer {
    pub(super) fn authenticate(&self, headers: &HeaderMap) -> Result<Authenticated, Refusal> {
        let token = bearer_token(headers).ok_or(Refusal::NoToken)?;
        let Verified { issued, good_until } = self.authenticator.authenticate(token)?;
        let user = self
            .identity_mapping
            .map(&issued)
            .ok_or_else(|| Refusal::NotMapped(issued.caller.canonical_arn()))?;
        Ok(Authenticated { user, token_good_until: good_until })
    }
}

impl Authenticated {
    /// The user and the AWS identity behind it, for the log.
    pub(super) fn describe(&self) -> String {
        let canonical = self.user.extra.iter().find(|(name, _)| *name == "canonicalArn");
        match canonical {
            Some((_, arn)) => format!("{} ({arn})", self.user.name),
            None => self.user.name.clone(),
        }
    }
}

/// The scheme's name is compared without case (RFC 9110 section 11.1).
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
