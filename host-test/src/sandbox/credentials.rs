//! The only credentials that a sandbox accepts: made at its start, or when a role is assumed, from
//! the system's randomness.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use super::identity::{Identity, SESSION_NAME, caller_identity};
use super::{Role, SandboxError};
use crate::{AccessKeyId, Credentials, SecretAccessKey, SessionToken, SigningMaterial};

/// Of a secret access key, as at AWS: 40 characters of base64.
const SECRET_BYTES: usize = 30;
/// Of a session token, as common at AWS: 804 characters of base64, padding among them.
const SESSION_TOKEN_BYTES: usize = 601;

/// The temporary credentials of a role's session, as STS issues them.
#[derive(Debug)]
pub(super) struct IssuedCredentials {
    pub(super) role: Role,
    pub(super) caller: crate::CallerIdentity,
    pub(super) access_key_id: AccessKeyId,
    pub(super) secret_access_key: SecretAccessKey,
    pub(super) session_token: SessionToken,
    /// In seconds since 1970-01-01T00:00:00Z.
    pub(super) expires_at: u64,
}

impl IssuedCredentials {
    fn generate(role: Role, session_name: &str, expires_at: u64) -> Result<Self, SandboxError> {
        Ok(Self {
            role,
            caller: caller_identity(role, session_name),
            access_key_id: unique_id("ASIA")?.try_into()?,
            secret_access_key: random_base64::<SECRET_BYTES>()?.try_into()?,
            session_token: random_base64::<SESSION_TOKEN_BYTES>()?.try_into()?,
            expires_at,
        })
    }

    /// In the form that signs tokens.
    pub(super) fn to_signer(&self) -> Credentials {
        Credentials {
            access_key_id: self.access_key_id.clone(),
            material: SigningMaterial::SecretAccessKey(self.secret_access_key.clone()),
            session_token: Some(self.session_token.clone()),
            expires_at: Some(self.expires_at),
        }
    }
}

/// All that were issued.
#[derive(Debug)]
pub(super) struct IssuedSet {
    identities: [Arc<IssuedCredentials>; 3],
    assumed: RwLock<Vec<Arc<IssuedCredentials>>>,
}

impl IssuedSet {
    /// Makes those of the identities, good until `expires_at` (Unix seconds).
    pub(super) fn generate(expires_at: u64) -> Result<Self, SandboxError> {
        let issue = |identity: Identity| {
            IssuedCredentials::generate(identity.role(), SESSION_NAME, expires_at).map(Arc::new)
        };
        let [reader, no_access, stranger] = Identity::ALL.map(issue);
        Ok(Self { identities: [reader?, no_access?, stranger?], assumed: RwLock::new(Vec::new()) })
    }

    /// Makes those of a new session, which are then accepted like all others.
    pub(super) fn assume(
        &self,
        role: Role,
        session_name: &str,
        expires_at: u64,
    ) -> Result<Arc<IssuedCredentials>, SandboxError> {
        let issued = Arc::new(IssuedCredentials::generate(role, session_name, expires_at)?);
        // A list is whole after every push: nothing to fear from one that panicked.
        self.assumed.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&issued));
        Ok(issued)
    }

    pub(super) fn of(&self, identity: Identity) -> &IssuedCredentials {
        let [reader, no_access, stranger] = &self.identities;
        match identity {
            Identity::Reader => reader,
            Identity::NoAccess => no_access,
            Identity::Stranger => stranger,
        }
    }

    /// Those with this key id, if there are any. A key id is no secret.
    pub(super) fn find(&self, access_key_id: &str) -> Option<Arc<IssuedCredentials>> {
        let assumed = self.assumed.read().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.identities.iter().chain(assumed.iter());
        all.find(|issued| issued.access_key_id.as_str() == access_key_id).cloned()
    }
}

/// A prefix that tells its kind, and 16 characters of base32, as IAM makes them.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
fn unique_id(prefix: &str) -> Result<String, SandboxError> {
    const ALPHABET: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R',
        'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let bytes = random_bytes::<16>()?;
    let characters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    Ok(prefix.chars().chain(characters.copied()).collect())
}

fn random_base64<const LENGTH: usize>() -> Result<String, SandboxError> {
    Ok(STANDARD.encode(random_bytes::<LENGTH>()?.as_slice()))
}

fn random_bytes<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, SandboxError> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    SysRng.try_fill_bytes(bytes.as_mut_slice()).map_err(SandboxError::Randomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::IssuedSet;
    use crate::sandbox::Identity;

    #[test]
    fn credentials_look_like_those_of_aws_and_differ() {
        let first = IssuedSet::generate(1_700_000_000).expect("randomness");
        let second = IssuedSet::generate(1_700_000_000).expect("randomness");
        for identity in Identity::ALL {
            let issued = first.of(identity);
            assert_eq!(issued.role, identity.role());
            assert!(issued.access_key_id.is_temporary());
            assert_eq!(issued.access_key_id.as_str().len(), 20);
            assert_eq!(issued.secret_access_key.expose().len(), 40);
            assert_eq!(issued.session_token.expose().len(), 804);
            assert!(second.find(issued.access_key_id.as_str()).is_none());
            let other = second.of(identity);
            assert_ne!(issued.secret_access_key.expose(), other.secret_access_key.expose());
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let issued = IssuedSet::generate(1_700_000_000).expect("randomness");
        let shown = format!("{issued:?}");
        for identity in Identity::ALL {
            assert!(!shown.contains(issued.of(identity).secret_access_key.expose()));
            assert!(!shown.contains(issued.of(identity).session_token.expose()));
        }
    }
}
