//! Who may use the proxy.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::refusal::Refusal;

/// How callers are authenticated. There is no default: a proxy that adds a token lends its identity
/// to whoever reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callers {
    /// By a client certificate that the proxy's TLS has verified.
    ClientCertificate {
        /// Names in it that may: DNS and URI names, and the subject. All may where the list is
        /// empty.
        names: Vec<String>,
    },
    /// By a bearer of their own, `Authorization: Bearer …`, which goes no further.
    Bearer(Vec<BearerHash>),
    /// By something in front of this, which lets nobody else through.
    EarlierFilter,
    /// Not at all: everybody who reaches the proxy acts with its identity.
    Nobody,
}

/// The SHA-256 of a bearer that callers show: the configuration need not hold the bearer itself.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerHash(pub(crate) [u8; 32]);

/// Who is asking, as TLS saw it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Caller<'a> {
    /// Whether a client certificate was shown and verified.
    pub has_certificate: bool,
    /// The names in it.
    pub names: &'a [&'a str],
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
}

impl Callers {
    /// Whether names of certificates have to be looked up.
    #[must_use]
    pub const fn asks_for_certificate(&self) -> bool {
        matches!(self, Self::ClientCertificate { .. })
    }

    /// # Errors
    /// [`Refusal`], where the caller is none of those.
    pub(crate) fn check(&self, caller: &Caller<'_>) -> Result<(), Refusal> {
        match self {
            Self::ClientCertificate { .. } if !caller.has_certificate => {
                Err(Refusal::NoClientCertificate)
            }
            Self::ClientCertificate { names } => {
                let is_known = names.iter().any(|name| caller.names.contains(&name.as_str()));
                if names.is_empty() || is_known { Ok(()) } else { Err(Refusal::UnknownName) }
            }
            Self::Bearer(hashes) => check_bearer(hashes, caller.authorization),
            Self::EarlierFilter | Self::Nobody => Ok(()),
        }
    }
}

fn check_bearer(hashes: &[BearerHash], authorization: Option<&str>) -> Result<(), Refusal> {
    let (scheme, bearer) =
        authorization.and_then(|text| text.split_once(' ')).ok_or(Refusal::WrongBearer)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::WrongBearer);
    }
    let shown: [u8; 32] = Sha256::digest(bearer.trim().as_bytes()).into();
    // All are compared, so that the time tells nothing of which one it was.
    let mut is_known = subtle::Choice::from(0);
    for BearerHash(hash) in hashes {
        is_known |= hash.ct_eq(&shown);
    }
    if is_known.into() { Ok(()) } else { Err(Refusal::WrongBearer) }
}

impl fmt::Debug for BearerHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerHash([redacted])")
    }
}
