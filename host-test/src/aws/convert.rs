//! Credentials, from the SDK's form to this project's.

use std::time::UNIX_EPOCH;

use crate::{Credentials, Error, SigningMaterial};

/// Checks each part.
pub(super) fn credentials(sdk: &aws_credential_types::Credentials) -> Result<Credentials, Error> {
    let expires_at = sdk.expiry().map(|expiry| {
        // Before 1970 is as expired as 1970.
        expiry.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    });
    Ok(Credentials {
        access_key_id: sdk.access_key_id().to_owned().try_into()?,
        material: SigningMaterial::SecretAccessKey(sdk.secret_access_key().to_owned().try_into()?),
        session_token: sdk.session_token().map(|token| token.to_owned().try_into()).transpose()?,
        expires_at,
    })
}

/// The other way round, where there is a secret.
pub(super) fn to_sdk(credentials: &Credentials) -> Option<aws_credential_types::Credentials> {
    let SigningMaterial::SecretAccessKey(secret) = &credentials.material else { return None };
    let session_token = credentials.session_token.as_ref().map(|token| token.expose().to_owned());
    Some(aws_credential_types::Credentials::new(
        credentials.access_key_id.as_str(),
        secret.expose(),
        session_token,
        None,
        "eks-token",
    ))
}
