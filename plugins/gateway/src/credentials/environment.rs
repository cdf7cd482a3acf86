//! Credentials in variables.

use alloc::string::String;

use eks_token_signer::{Credentials, SigningMaterial};

use super::document::checked;
use super::error::CredentialsError;
use super::timestamp;

const ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";

/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and
/// `AWS_CREDENTIAL_EXPIRATION` (RFC 3339) through `variable`. What is empty counts as missing, as in
/// the AWS command line.
///
/// # Errors
/// [`CredentialsError`].
pub fn from_variables(
    variable: impl Fn(&'static str) -> Option<String>,
) -> Result<Credentials, CredentialsError> {
    let variable = |name| variable(name).filter(|value| !value.is_empty());
    let required = |name| variable(name).ok_or(CredentialsError::Missing(name));
    let expires_at = variable(EXPIRATION)
        .map(|text| {
            let error =
                CredentialsError::Type { field: EXPIRATION, allowed: "a time as in RFC 3339" };
            timestamp::parse(&text).ok_or(error)
        })
        .transpose()?;
    Ok(Credentials {
        access_key_id: checked(required(ID)?, ID)?,
        material: SigningMaterial::SecretAccessKey(checked(required(SECRET)?, SECRET)?),
        session_token: variable(SESSION_TOKEN)
            .map(|text| checked(text, SESSION_TOKEN))
            .transpose()?,
        expires_at,
    })
}
