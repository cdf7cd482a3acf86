//! Files of signing keys on this machine. What is in them is known to `eks-token-gateway`, since
//! plugins read them, too.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use eks_token_gateway::credentials::KeyFile;

use crate::failure::Failure;
use crate::files;

/// Far more than the longest session token and a few keys.
const MAX_SIZE: u64 = 64 * 1024;

/// Reads and checks one.
pub(crate) fn read(path: &Path) -> Result<KeyFile, Failure> {
    let text = files::read("the signing key file", path, MAX_SIZE)?;
    KeyFile::parse(&text).map_err(|error| Failure::KeyFile { path: path.to_owned(), error })
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
