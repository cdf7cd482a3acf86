//! Files and standard input of the user's, read up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

/// Reads at most `limit` bytes; more is an error.
pub(crate) fn read(what: &'static str, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::Read { what, path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    bounded(file, limit).map_err(failed)?.ok_or(Failure::TooLarge { what, limit })
}

/// Reads standard input, as [`read`] does a file.
pub(crate) fn read_input(what: &'static str, limit: u64) -> Result<Vec<u8>, Failure> {
    let bytes = bounded(io::stdin().lock(), limit).map_err(Failure::ReadInput)?;
    bytes.ok_or(Failure::TooLarge { what, limit })
}

/// A component is some tens of kilobytes.
#[cfg(feature = "compiler")]
pub(crate) fn read_component(path: &Path) -> Result<Vec<u8>, Failure> {
    read("the component", path, 64 * 1024 * 1024)
}

/// None where there is more.
fn bounded(source: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let length = source.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((length as u64 <= limit).then_some(bytes))
}
