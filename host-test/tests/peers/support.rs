//! Where the peers are.

use std::path::PathBuf;

pub(crate) const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");

/// A program of the virtual environment.
pub(crate) fn peer(name: &str) -> PathBuf {
    let folder = std::env::var_os("EKS_TOKEN_PEERS").expect("run by `make test-peers`");
    PathBuf::from(folder).join("bin").join(name)
}

/// A script of ours that runs in it.
pub(crate) fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}
