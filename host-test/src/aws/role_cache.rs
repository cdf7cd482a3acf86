//! Credentials of roles, kept on disk between calls.
//!
//! Only what `AssumeRole` has issued is ever written, never a user's own secret. Each entry is a
//! file of its own (mode 0600), replaced in one step, beside the lock of whoever renews it. What is
//! damaged, of another version, or open to others counts as absent and is written anew.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::role::AssumeRole;
use super::{AwsError, Session};
use crate::{AccessKeyId, Credentials, SigningMaterial};

const VERSION: u32 = 1;
/// Far more than the longest session token.
const MAX_SIZE: u64 = 64 * 1024;
/// The longest time before its end at which a session is renewed, in seconds: a token made after
/// that would not live as long as a cluster lets it.
const RENEW_BEFORE: u64 = 15 * 60;

/// A folder of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleCache {
    folder: PathBuf,
}

impl RoleCache {
    /// In `folder`, which is made (mode 0700) when there is something to write.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Credentials that are still good for a while at `now`.
    pub(super) fn read(&self, key: &CacheKey, now: u64) -> Option<Credentials> {
        let path = self.path(key, "json");
        let metadata = fs::metadata(&path).ok()?;
        if metadata.len() > MAX_SIZE || metadata.permissions().mode() & 0o077 != 0 {
            return None;
        }
        let text = Zeroizing::new(fs::read(path).ok()?);
        let entry: Entry = serde_json::from_slice(&text).ok()?;
        (entry.version == VERSION && entry.key == key.0 && entry.is_fresh(now))
            .then(|| entry.into_credentials())
            .flatten()
    }

    /// Waits until nobody else renews this entry. The lock ends with its holder, however that ends.
    pub(super) async fn lock(&self, key: &CacheKey) -> Result<LockedEntry, AwsError> {
        let (cache, key) = (self.clone(), key.clone());
        let locked = tokio::task::spawn_blocking(move || cache.lock_now(key)).await;
        locked.map_err(io::Error::other).flatten().map_err(|error| self.failed(&error))
    }

    fn lock_now(&self, key: CacheKey) -> io::Result<LockedEntry> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let lock = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(self.path(&key, "lock"))?;
        lock.lock()?;
        Ok(LockedEntry { cache: self.clone(), key, _lock: lock })
    }

    fn path(&self, key: &CacheKey, extension: &str) -> PathBuf {
        self.folder.join(&key.0).with_extension(extension)
    }

    fn failed(&self, error: &io::Error) -> AwsError {
        AwsError::RoleCache { path: self.folder.clone(), reason: error.to_string() }
    }
}

/// An entry that nobody else renews.
#[derive(Debug)]
pub(super) struct LockedEntry {
    cache: RoleCache,
    key: CacheKey,
    _lock: File,
}

impl LockedEntry {
    /// Puts credentials in the place of what was there. Without an end they are no role's, and are
    /// not written.
    pub(super) fn write(&self, credentials: &Credentials, now: u64) -> Result<(), AwsError> {
        let Some(entry) = Entry::new(&self.key, credentials, now) else { return Ok(()) };
        self.replace(&entry).map_err(|error| self.cache.failed(&error))
    }

    fn replace(&self, entry: &Entry) -> io::Result<()> {
        let text = Zeroizing::new(serde_json::to_vec(entry)?);
        // One name for all: what a killed process left is overwritten, under the lock.
        let unfinished = self.cache.path(&self.key, "new");
        remove_if_there(&unfinished)?;
        let mut file =
            private(OpenOptions::new().write(true).create_new(true)).open(&unfinished)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&unfinished, self.cache.path(&self.key, "json"))
    }
}

/// For the owner alone.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Everything that changes the answer, hashed: an entry's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CacheKey(String);

impl CacheKey {
    pub(super) fn new(
        source: &AccessKeyId,
        session: &Session<'_>,
        roles: &[AssumeRole],
        forward_session_name: bool,
    ) -> Self {
        let Session { settings, region, .. } = session;
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            // The length in front: no two lists of parts give the same bytes.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        };
        add(source.as_str());
        add(region.as_str());
        add(settings.sts_endpoint_url.as_deref().unwrap_or_default());
        add(if forward_session_name { "forward" } else { "" });
        for role in roles {
            add(role.role.as_str());
            add(role.external_id.as_ref().map_or("", |id| id.as_str()));
            add(role.session_name.as_str());
            add(role.mfa_serial.as_deref().unwrap_or_default());
            add(&role.duration.unwrap_or_default().as_secs().to_string());
        }
        Self(hex::encode(hash.finalize()))
    }
}

/// What is in a file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    version: u32,
    /// The file's own name, so that one that was renamed is no other's.
    key: String,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    /// Unix seconds.
    issued_at: u64,
    /// Unix seconds.
    expires_at: u64,
}

impl Entry {
    fn new(key: &CacheKey, credentials: &Credentials, now: u64) -> Option<Self> {
        let SigningMaterial::SecretAccessKey(secret) = &credentials.material else { return None };
        Some(Self {
            version: VERSION,
            key: key.0.clone(),
            access_key_id: credentials.access_key_id.as_str().to_owned(),
            secret_access_key: secret.expose().to_owned().into(),
            session_token: credentials.session_token.as_ref()?.expose().to_owned().into(),
            issued_at: now,
            expires_at: credentials.expires_at?,
        })
    }

    /// A quarter of a short session is left for its last token; a clock that was set back makes
    /// nothing fresh.
    fn is_fresh(&self, now: u64) -> bool {
        let lifetime = self.expires_at.saturating_sub(self.issued_at);
        let margin = RENEW_BEFORE.min(lifetime / 4);
        now >= self.issued_at && now.saturating_add(margin) < self.expires_at
    }

    fn into_credentials(self) -> Option<Credentials> {
        let secret = self.secret_access_key.as_str().to_owned();
        Some(Credentials {
            access_key_id: self.access_key_id.try_into().ok()?,
            material: SigningMaterial::SecretAccessKey(secret.try_into().ok()?),
            session_token: Some(self.session_token.as_str().to_owned().try_into().ok()?),
            expires_at: Some(self.expires_at),
        })
    }
}
