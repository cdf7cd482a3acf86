//! Credentials as JSON: what a container's endpoint, the instance metadata service and a
//! `credential_process` answer. They differ in what stands beside the four fields.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use eks_token_signer::{Credentials, Error, SigningMaterial};
use serde_json::{Map, Value};

use super::error::CredentialsError;
use super::timestamp;

/// Reads `AccessKeyId`, `SecretAccessKey`, `Token` or `SessionToken`, and `Expiration`.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>,
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
///
/// # Errors
/// [`CredentialsError`]; [`CredentialsError::Refused`] where the metadata service's `Code` is not
/// `Success`.
pub fn read_document(text: &[u8]) -> Result<Credentials, CredentialsError> {
    let Ok(Value::Object(document)) = serde_json::from_slice(text) else {
        return Err(CredentialsError::NotJson);
    };
    if document.get("Code").is_some_and(|code| code != "Success") {
        return Err(CredentialsError::Refused);
    }
    let session_token = match optional(&document, "Token")? {
        Some(token) => Some(token),
        None => optional(&document, "SessionToken")?,
    };
    Ok(Credentials {
        access_key_id: required(&document, "AccessKeyId")?,
        material: SigningMaterial::SecretAccessKey(required(&document, "SecretAccessKey")?),
        session_token,
        expires_at: expiration(&document)?,
    })
}

fn expiration(document: &Map<String, Value>) -> Result<Option<u64>, CredentialsError> {
    const FIELD: &str = "Expiration";
    match document.get(FIELD) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(timestamp::parse)
            .map(Some)
            .ok_or(CredentialsError::Type { field: FIELD, allowed: "a time as in RFC 3339" }),
    }
}

/// A text that the signer checks.
pub(super) fn optional<T: TryFrom<String, Error = Error>>(
    object: &Map<String, Value>,
    field: &'static str,
) -> Result<Option<T>, CredentialsError> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => checked(text.clone(), field).map(Some),
        Some(_) => Err(CredentialsError::Type { field, allowed: "text" }),
    }
}

/// The same, where it must be there.
pub(super) fn required<T: TryFrom<String, Error = Error>>(
    object: &Map<String, Value>,
    field: &'static str,
) -> Result<T, CredentialsError> {
    optional(object, field)?.ok_or(CredentialsError::Missing(field))
}

pub(super) fn checked<T: TryFrom<String, Error = Error>>(
    text: impl AsRef<str>,
    field: &'static str,
) -> Result<T, CredentialsError> {
    T::try_from(text.as_ref().to_owned()).map_err(|error| CredentialsError::Value { field, error })
}

/// A whole number.
pub(super) fn number(
    object: &Map<String, Value>,
    field: &'static str,
) -> Result<Option<u64>, CredentialsError> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .map(Some)
            .ok_or(CredentialsError::Type { field, allowed: "a whole number" }),
    }
}
