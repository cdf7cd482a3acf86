//! Tokens from the signer component, kept as long as the instance lives.

use std::cell::RefCell;
use std::time::UNIX_EPOCH;

use eks_token_gateway::{ClusterEntry, CredentialSource, KeptToken, Unavailable};
use eks_token_signer::{Credentials, SigningMaterial, StsEndpoint};

use crate::bindings::eks::token::{signer, types};
use crate::settings;

thread_local! {
    /// By cluster. Many hosts begin a new instance with each request: then none is kept.
    static KEPT: RefCell<Vec<Option<KeptToken>>> = const { RefCell::new(Vec::new()) };
}

/// The header `Authorization` for a cluster.
pub(crate) fn authorization(
    source: &CredentialSource,
    cluster: usize,
    entry: &ClusterEntry,
) -> Result<String, Unavailable> {
    let now = UNIX_EPOCH.elapsed().map_err(|_| Unavailable::Signing)?.as_secs();
    KEPT.with_borrow_mut(|kept| {
        if kept.len() <= cluster {
            kept.resize(cluster + 1, None);
        }
        let kept = kept.get_mut(cluster).ok_or(Unavailable::Signing)?;
        match kept {
            Some(token) if !token.is_due_at(now) => Ok(token.authorization().to_owned()),
            _ => Ok(kept.insert(make(source, entry, now)?).authorization().to_owned()),
        }
    })
}

fn make(
    source: &CredentialSource,
    entry: &ClusterEntry,
    now: u64,
) -> Result<KeptToken, Unavailable> {
    let credentials = source.at_hand(settings::value).map_err(|error| {
        eprintln!("eks-token: no AWS credentials: {error}");
        Unavailable::Missing
    })?;
    let token =
        signer::create_token(&to_wit(&credentials), &request(entry, now)).map_err(|error| {
            match error {
                types::Error::CredentialsExpired(_) => Unavailable::Expired,
                types::Error::NoMatchingSigningKey => Unavailable::NoSigningKey,
                _ => Unavailable::Signing,
            }
        })?;
    Ok(KeptToken::of(token.value, token.expires_at, now))
}

fn to_wit(credentials: &Credentials) -> types::Credentials {
    types::Credentials {
        access_key_id: credentials.access_key_id.as_str().to_owned(),
        material: match &credentials.material {
            SigningMaterial::SecretAccessKey(secret) => {
                types::SigningMaterial::SecretAccessKey(secret.expose().to_owned())
            }
            SigningMaterial::DayKeys(keys) => {
                let key = |key: &eks_token_signer::DayKey| types::SigningKey {
                    bytes: key.key.expose().to_vec(),
                    signing_region: key.signing_region.as_str().to_owned(),
                    day: key.day.number(),
                };
                types::SigningMaterial::SigningKeys(keys.iter().map(key).collect())
            }
        },
        session_token: credentials.session_token.as_ref().map(|token| token.expose().to_owned()),
        expires_at: credentials.expires_at,
    }
}

fn request(entry: &ClusterEntry, now: u64) -> types::TokenRequest {
    types::TokenRequest {
        cluster: entry.name.as_str().to_owned(),
        region: entry.region.as_str().to_owned(),
        endpoint: match &entry.endpoint {
            StsEndpoint::Regional(features) => {
                let mut flags = types::EndpointFeatures::empty();
                flags.set(types::EndpointFeatures::FIPS, features.fips);
                flags.set(types::EndpointFeatures::DUAL_STACK, features.dual_stack);
                types::StsEndpoint::Regional(flags)
            }
            StsEndpoint::Global => types::StsEndpoint::Global,
            StsEndpoint::Custom { host, signing_region } => {
                types::StsEndpoint::Custom(types::CustomEndpoint {
                    host: host.as_str().to_owned(),
                    signing_region: signing_region.as_str().to_owned(),
                })
            }
        },
        signed_at: now,
        url_expires_in: None,
        lifetime: Some(entry.lifetime.seconds()),
    }
}
