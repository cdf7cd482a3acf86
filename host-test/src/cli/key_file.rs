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

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use eks_token_host::{
    AccessKeyId, Credentials, Day, DayKey, Error, Invalid, Region, SessionToken, SigningMaterial,
};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::files;

const VERSION: u64 = 1;
/// Far more than the longest session token and a few keys.
const MAX_SIZE: u64 = 64 * 1024;

/// What is in such a file.
pub(crate) struct KeyFile {
    pub(crate) access_key_id: AccessKeyId,
    pub(crate) session_token: Option<SessionToken>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) region: Region,
    pub(crate) keys: Vec<DayKey>,
}

/// What is wrong with such a file: the field, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyFileError {
    /// No JSON object.
    #[error("it is not a JSON object; make a new one with derive-key")]
    NotJson,
    /// From another version of this program.
    #[error("its version is not {VERSION}; make a new one with derive-key")]
    Version,
    /// A field is missing.
    #[error("the field {0} is missing; make a new one with derive-key")]
    Missing(&'static str),
    /// A field is not of its type.
    #[error("the field {field} must be {allowed}")]
    Type {
        /// Its name.
        field: &'static str,
        /// What it must be.
        allowed: &'static str,
    },
    /// A field holds what cannot be right.
    #[error("the field {field}: {error}")]
    Value {
        /// Its name.
        field: &'static str,
        /// What is wrong with the value.
        error: Error,
    },
}

impl KeyFile {
    /// Reads and checks one.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = files::read("the signing key file", path, MAX_SIZE)?;
        Self::parse(&text).map_err(|error| Failure::KeyFile { path: path.to_owned(), error })
    }

    /// What to tell the user where others may read the file.
    pub(crate) fn warning(path: &Path) -> Option<String> {
        let metadata = path.metadata().ok()?;
        let is_open = metadata.is_file() && metadata.permissions().mode() & 0o044 != 0;
        is_open.then(|| {
            format!(
                "others on this machine may read the signing key file {0}; chmod 600 {0}",
                path.display()
            )
        })
    }

    pub(crate) fn into_credentials(self) -> Credentials {
        Credentials {
            access_key_id: self.access_key_id,
            material: SigningMaterial::DayKeys(self.keys),
            session_token: self.session_token,
            expires_at: self.expires_at,
        }
    }

    /// As JSON, with a line end. A secret.
    pub(crate) fn to_json(&self) -> String {
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

    fn parse(text: &[u8]) -> Result<Self, KeyFileError> {
        let Ok(Value::Object(file)) = serde_json::from_slice(text) else {
            return Err(KeyFileError::NotJson);
        };
        if number(&file, "version")?.ok_or(KeyFileError::Missing("version"))? != VERSION {
            return Err(KeyFileError::Version);
        }
        let region = Fields(&file).required("region")?;
        Ok(Self {
            access_key_id: Fields(&file).required("accessKeyId")?,
            session_token: Fields(&file).optional("sessionToken")?,
            expires_at: number(&file, "expiresAt")?,
            keys: keys(&file, &region)?,
            region,
        })
    }
}

/// Text fields of an object.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn optional<T>(&self, field: &'static str) -> Result<Option<T>, KeyFileError>
    where
        T: TryFrom<String, Error = Error>,
    {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => text
                .clone()
                .try_into()
                .map(Some)
                .map_err(|error| KeyFileError::Value { field, error }),
            Some(_) => Err(KeyFileError::Type { field, allowed: "text" }),
        }
    }

    fn required<T>(&self, field: &'static str) -> Result<T, KeyFileError>
    where
        T: TryFrom<String, Error = Error>,
    {
        self.optional(field)?.ok_or(KeyFileError::Missing(field))
    }
}

fn number(object: &Map<String, Value>, field: &'static str) -> Result<Option<u64>, KeyFileError> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_u64().map(Some).ok_or(KeyFileError::Type { field, allowed: "a whole number" })
        }
    }
}

fn keys(file: &Map<String, Value>, region: &Region) -> Result<Vec<DayKey>, KeyFileError> {
    let list = match file.get("keys") {
        None => return Err(KeyFileError::Missing("keys")),
        Some(Value::Array(list)) if !list.is_empty() => list,
        Some(_) => return Err(KeyFileError::Type { field: "keys", allowed: "a list of keys" }),
    };
    list.iter().map(|entry| key(entry, region)).collect()
}

fn key(entry: &Value, region: &Region) -> Result<DayKey, KeyFileError> {
    let Value::Object(entry) = entry else {
        return Err(KeyFileError::Type { field: "keys", allowed: "a list of objects" });
    };
    let day = number(entry, "day")?.ok_or(KeyFileError::Missing("day"))?;
    let day = u32::try_from(day)
        .map_err(|_| Error::SigningKey(Invalid::OutOfRange))
        .and_then(Day::try_from)
        .map_err(|error| KeyFileError::Value { field: "day", error })?;
    let text = match entry.get("key") {
        None => return Err(KeyFileError::Missing("key")),
        Some(key) => key.as_str().unwrap_or_default(),
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| KeyFileError::Type { field: "key", allowed: "64 hexadecimal digits" })?;
    let key =
        bytes.as_slice().try_into().map_err(|error| KeyFileError::Value { field: "key", error })?;
    Ok(DayKey { key, signing_region: region.clone(), day })
}
