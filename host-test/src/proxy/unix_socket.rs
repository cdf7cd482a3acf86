//! A Unix socket that its owner alone can use.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream as Probe;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

/// The file of a socket. Dropped, it removes it, unless another has taken its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    device: u64,
    inode: u64,
}

/// Listens at `path`, with mode 0600 from the first moment. What an ended program left there is
/// replaced; a socket that somebody listens on, and a file that is no socket, are not.
pub(super) fn bind(path: &Path) -> io::Result<(UnixListener, SocketFile)> {
    refuse_taken(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("/"));
    // Made in a folder that nobody else can enter, then moved: there is no moment at which others
    // could connect, nor one at which the path leads nowhere.
    let private = tempfile::Builder::new()
        .prefix(".eks-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(folder)?;
    let made = private.path().join("s");
    let listener = UnixListener::bind(&made)?;
    fs::set_permissions(&made, Permissions::from_mode(0o600))?;
    let metadata = fs::symlink_metadata(&made)?;
    fs::rename(&made, path)?;
    let (device, inode) = (metadata.dev(), metadata.ino());
    Ok((listener, SocketFile { path: path.to_owned(), device, inode }))
}

fn refuse_taken(path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !metadata.file_type().is_socket() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "there is a file that is no socket"));
    }
    match Probe::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(io::Error::new(ErrorKind::AddrInUse, "another program listens there")),
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_ours = |file: &fs::Metadata| file.dev() == self.device && file.ino() == self.inode;
        if fs::symlink_metadata(&self.path).is_ok_and(|file| is_ours(&file)) {
            // There is nobody to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn replaces_what_was_left_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.sock");
        let (listener, file) = bind(&path).expect("it binds");
        let mode = fs::metadata(&path).expect("a file").mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(bind(&path).expect_err("it is taken").kind(), ErrorKind::AddrInUse);
        // A program that was killed.
        drop(listener);
        std::mem::forget(file);
        let (_listener, file) = bind(&path).expect("what was left is replaced");
        drop(file);
        assert!(!path.exists());
        fs::write(&path, "a file").expect("it is written");
        assert_eq!(bind(&path).expect_err("no socket").kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("it is there"), b"a file");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
