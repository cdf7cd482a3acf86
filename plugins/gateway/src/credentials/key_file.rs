//! Files of signing keys: all that a host needs to sign tokens without the secret.
//!
//! ```json
//! {
//!   "version": 1,
//!   "accessKeyId": "ASIA…",
//!   "sessionToken": "…",
//!   "expiresAt": 1700000000,
//!   "region": "eu-central-1",
//!   "keys": [{ "day": 20231114, "key": "64 hexadecimal digits" }]
//! }
//! ```
//!
//! `sessionToken` and `expiresAt` (Unix seconds) are left out where the credentials have none. A
//! key signs for the regional STS endpoint of `region` on its UTC day.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use eks_token_signer::{
    AccessKeyId, Credentials, Day, DayKey, Error, Invalid, Region, SessionToken, SigningMaterial,
};
use serde_json::{Map, Value, json};
use zeroize::Zeroize as _;

use super::document::{number, optional, required};
use super::error::CredentialsError;

const VERSION: u64 = 1;

/// What is in such a file.
#[derive(Debug, Clone)]
pub struct KeyFile {
    /// Public half of the credentials that the keys were derived from.
    pub access_key_id: AccessKeyId,
    /// Their session token.
    pub session_token: Option<SessionToken>,
    /// Their end, in Unix seconds.
    pub expires_at: Option<u64>,
    /// The region that the keys sign for.
    pub region: Region,
    /// One key for each day, at least one.
    pub keys: Vec<DayKey>,
}

impl KeyFile {
    /// Reads the text of one.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn parse(text: &[u8]) -> Result<Self, CredentialsError> {
        Self::from_value(&serde_json::from_slice(text).map_err(|_| CredentialsError::NotJson)?)
    }

    /// Reads one that stands in another document.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn from_value(value: &Value) -> Result<Self, CredentialsError> {
        let Value::Object(file) = value else {
            return Err(CredentialsError::NotJson);
        };
        if !file.contains_key("keys") {
            return Err(CredentialsError::Missing("keys"));
        }
        if number(file, "version")?.ok_or(CredentialsError::Missing("version"))? != VERSION {
            return Err(CredentialsError::Version);
        }
        let region = required(file, "region")?;
        Ok(Self {
            access_key_id: required(file, "accessKeyId")?,
            session_token: optional(file, "sessionToken")?,
            expires_at: number(file, "expiresAt")?,
            keys: keys(file, &region)?,
            region,
        })
    }

    /// What signs.
    #[must_use]
    pub fn into_credentials(self) -> Credentials {
        Credentials {
            access_key_id: self.access_key_id,
            material: SigningMaterial::DayKeys(self.keys),
            session_token: self.session_token,
            expires_at: self.expires_at,
        }
    }

    /// As JSON, with a line end. A secret.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| json!({"day": key.day.number(), "key": hex::encode(key.key.expose())}))
            .collect();
        let mut file = json!({
            "version": VERSION,
            "accessKeyId": self.access_key_id.as_str(),
            "region": self.region.as_str(),
            "keys": keys,
        });
        if let Some(session_token) = &self.session_token {
            file["sessionToken"] = session_token.expose().into();
        }
        if let Some(expires_at) = self.expires_at {
            file["expiresAt"] = expires_at.into();
        }
        format!("{file:#}\n")
    }
}

fn keys(file: &Map<String, Value>, region: &Region) -> Result<Vec<DayKey>, CredentialsError> {
    match file.get("keys") {
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|entry| key(entry, region)).collect()
        }
        _ => Err(CredentialsError::Type { field: "keys", allowed: "a list of keys" }),
    }
}

fn key(entry: &Value, region: &Region) -> Result<DayKey, CredentialsError> {
    let Value::Object(entry) = entry else {
        return Err(CredentialsError::Type { field: "keys", allowed: "a list of objects" });
    };
    let day = number(entry, "day")?.ok_or(CredentialsError::Missing("day"))?;
    let day = u32::try_from(day)
        .map_err(|_| Error::SigningKey(Invalid::OutOfRange))
        .and_then(Day::try_from)
        .map_err(|error| CredentialsError::Value { field: "day", error })?;
    let text = match entry.get("key") {
        None => return Err(CredentialsError::Missing("key")),
        Some(key) => key.as_str().unwrap_or_default(),
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| CredentialsError::Type { field: "key", allowed: "64 hexadecimal digits" })?;
    let key = bytes.as_slice().try_into();
    bytes.zeroize();
    let key = key.map_err(|error| CredentialsError::Value { field: "key", error })?;
    Ok(DayKey { key, signing_region: region.clone(), day })
}
