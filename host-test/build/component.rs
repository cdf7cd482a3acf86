//! Builds the signer component. Used by the build script, and by the test that needs a build
//! without the wiping.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Runs the cargo command that `make component` runs, in a target folder of its own (the one in
/// use is locked), with `flags` for rustc besides. Answers with the component's file.
pub(crate) fn build(
    workspace: &Path,
    target_folder: &Path,
    flags: &[&str],
) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(cargo);
    cargo
        .current_dir(workspace)
        .args(["rustc", "--quiet", "--locked", "--package", "eks-token-signer", "--lib"])
        .args(["--crate-type", "cdylib", "--features", "component", "--profile", "component"])
        .args(["--target", TARGET, "--config", &rustflags(workspace, flags)?])
        .arg("--target-dir")
        .arg(target_folder);
    // What an outer cargo sets for its children would be taken for the user's wishes. The flags in
    // .cargo/config.toml are ignored where one of the first two is present, even if empty.
    for variable in [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_TARGET",
        "CARGO_TARGET_DIR",
        "TARGET",
    ] {
        cargo.env_remove(variable);
    }
    if !cargo.status()?.success() {
        return Err(format!(
            "the signer component did not build; if its target is missing: \
             rustup target add {TARGET}"
        )
        .into());
    }
    Ok(target_folder.join(TARGET).join("component/eks_token_signer.wasm"))
}

/// Takes the paths of this machine out of panic locations, so that the component is the same bytes
/// wherever it is built.
fn rustflags(workspace: &Path, flags: &[&str]) -> Result<String, Box<dyn Error>> {
    let cargo_home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => env::home_dir().ok_or("no home folder")?.join(".cargo"),
    };
    let mut all = vec![
        format!("--remap-path-prefix={}=/cargo", cargo_home.display()),
        format!("--remap-path-prefix={}=/eks-token", workspace.display()),
    ];
    all.extend(flags.iter().map(ToString::to_string));
    Ok(format!("target.{TARGET}.rustflags={all:?}"))
}
