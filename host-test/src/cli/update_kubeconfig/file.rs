//! The file on disk: which one, read, locked and replaced in one step.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use eks_token_host::aws::Environment;
use tempfile::NamedTempFile;
use tokio::time::{Instant, sleep};

use super::document::parse;
use super::kubeconfig::{Kubeconfig, WrongShape};
use crate::failure::Failure;

/// How long another program's lock is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const LOCK_POLL: Duration = Duration::from_millis(20);
/// A kubeconfig of a thousand clusters has some megabytes.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// What keeps a kubeconfig from being changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KubeconfigError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(io::Error),
    /// The file is no YAML, or none of this kind. Holds where.
    #[error("it is no YAML ({0}); mend it, or name another file with --kubeconfig")]
    Syntax(String),
    /// The file is YAML of another shape.
    #[error("{0}; mend it, or name another file with --kubeconfig")]
    Shape(#[from] WrongShape),
    /// Somebody else changes it, or did and left the lock behind.
    #[error(
        "another program is changing it: {lock} is there; where none is, remove that file",
        lock = .0.display()
    )]
    Locked(PathBuf),
    /// The file cannot be written.
    #[error("it cannot be written: {0}")]
    Write(io::Error),
}

/// The files that may be meant, as kubectl finds them; never none.
pub(super) fn candidates(named: Option<&Path>, environment: &Environment) -> Vec<PathBuf> {
    let home = environment.get("HOME").map(PathBuf::from).unwrap_or_default();
    if let Some(path) = named {
        return vec![expand(path, &home)];
    }
    let list = environment.get("KUBECONFIG").unwrap_or_default();
    let named: Vec<PathBuf> = std::env::split_paths(list)
        .filter(|path| !path.to_string_lossy().trim().is_empty())
        .map(|path| expand(&path, &home))
        .collect();
    if named.is_empty() { vec![home.join(".kube/config")] } else { named }
}

/// `~` is the shell's affair, but not in the middle of a list.
fn expand(path: &Path, home: &Path) -> PathBuf {
    path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| home.join(rest))
}

/// The file that has the cluster, or else the first. Others that cannot be read are passed over.
pub(super) fn choose(candidates: &[PathBuf], cluster: &str) -> Option<PathBuf> {
    let has_it = |path: &&PathBuf| read(path).is_ok_and(|config| config.has_cluster(cluster));
    candidates.iter().find(has_it).or_else(|| candidates.first()).cloned()
}

/// An empty one where there is no file.
pub(super) fn read(path: &Path) -> Result<Kubeconfig, Failure> {
    let failed = |error| Failure::Kubeconfig { path: path.to_owned(), error };
    let text = match fs::metadata(path) {
        Ok(metadata) if metadata.len() > MAX_SIZE => {
            return Err(Failure::TooLarge { what: "the kubeconfig", limit: MAX_SIZE });
        }
        _ => match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Kubeconfig::default());
            }
            Err(error) => return Err(failed(KubeconfigError::Read(error))),
        },
    };
    // Of the error the place: its text may repeat a token that stands in the file.
    let place = |error: serde_saphyr::Error| {
        let line = error.location().map_or(0, |location| location.line());
        failed(KubeconfigError::Syntax(format!("line {line}")))
    };
    match parse(&text).map_err(place)? {
        None => Ok(Kubeconfig::default()),
        Some(document) => Kubeconfig::try_from(document).map_err(|error| failed(error.into())),
    }
}

/// A file that kubectl and its like leave alone for now: they honour `FILE.lock`, too (client-go,
/// `clientcmd/config.go`).
pub(super) struct LockedFile {
    path: PathBuf,
    lock: PathBuf,
}

impl LockedFile {
    /// Waits for a while where somebody else has it.
    pub(super) async fn lock(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::Kubeconfig { path: path.to_owned(), error };
        // Where it is a link, what it leads to is meant.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(KubeconfigError::Write(error)))?;
        }
        let mut lock = path.clone().into_os_string();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        let deadline = Instant::now() + LOCK_PATIENCE;
        loop {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock) {
                Ok(_) => return Ok(Self { path, lock }),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(failed(KubeconfigError::Write(error)));
                }
                Err(_) if Instant::now() >= deadline => {
                    return Err(failed(KubeconfigError::Locked(lock)));
                }
                Err(_) => sleep(LOCK_POLL).await,
            }
        }
    }

    /// The new text takes the old one's place in one step, with the mode of what was there; for the
    /// owner alone where nothing was.
    pub(super) fn replace(&self, text: &str) -> Result<(), Failure> {
        let replace = || -> io::Result<()> {
            let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            if let Ok(old) = fs::metadata(&self.path) {
                file.as_file().set_permissions(old.permissions())?;
            }
            file.as_file().sync_all()?;
            file.persist(&self.path).map_err(|error| error.error)?;
            Ok(())
        };
        let failed = |error| KubeconfigError::Write(error);
        replace()
            .map_err(failed)
            .map_err(|error| Failure::Kubeconfig { path: self.path.clone(), error })
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}
