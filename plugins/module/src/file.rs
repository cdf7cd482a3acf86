//! Files below the folders that the module was given.
#![allow(unsafe_code)]

use alloc::vec;
use alloc::vec::Vec;

use crate::wasi::{self, FileStat, Piece, PreStat};

/// The first of the folders that a module is given.
const FIRST_FOLDER: u32 = 3;
/// The rights to read a file and to ask about it.
const RIGHTS: u64 = 1 << 1 | 1 << 21;

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    size: u64,
    modified: u64,
}

/// An open file.
#[derive(Debug)]
pub struct File(u32);

impl File {
    /// Opens a file by its path, which is absolute. `None` where there is none that may be read.
    #[must_use]
    pub fn open(path: &str) -> Option<Self> {
        let (folder, rest) = folder_of(path)?;
        let mut file = 0;
        let follow = 1;
        // SAFETY: `rest` is read and one number written.
        let status = unsafe {
            wasi::path_open(
                folder,
                follow,
                rest.as_ptr(),
                rest.len(),
                0,
                RIGHTS,
                0,
                0,
                &raw mut file,
            )
        };
        (status == 0).then_some(Self(file))
    }

    /// What changes when the file does.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let mut stat = FileStat::default();
        // SAFETY: one record is written.
        let status = unsafe { wasi::fd_filestat_get(self.0, &raw mut stat) };
        let FileStat { inode, size, modified, .. } = stat;
        (status == 0).then_some(Stamp { inode, size, modified })
    }

    /// All of it; `None` where it is longer than `limit` bytes or cannot be read.
    #[must_use]
    pub fn read(&self, limit: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; limit + 1];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let piece = Piece { data: rest.as_mut_ptr(), size: rest.len() };
            let mut read = 0;
            // SAFETY: the piece lies within `bytes`.
            if unsafe { wasi::fd_read(self.0, &raw const piece, 1, &raw mut read) } != 0 {
                return None;
            }
            if read == 0 {
                bytes.truncate(filled);
                return Some(bytes);
            }
            filled += read;
        }
        None
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: nobody else knows the number.
        unsafe { wasi::fd_close(self.0) };
    }
}

/// The folder that a path lies in, and the rest of the path.
fn folder_of(path: &str) -> Option<(u32, &str)> {
    let mut best = None;
    for folder in FIRST_FOLDER.. {
        let Some(name) = folder_name(folder) else { break };
        let name = core::str::from_utf8(&name).ok()?.trim_end_matches('/');
        let Some(rest) = path.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        if best.is_none_or(|(_, shortest): (u32, &str)| rest.len() < shortest.len()) {
            best = Some((folder, rest));
        }
    }
    best
}

/// The name under which the module was given a folder; `None` behind the last one.
fn folder_name(folder: u32) -> Option<Vec<u8>> {
    let mut stat = PreStat::default();
    // SAFETY: one record is written.
    if unsafe { wasi::fd_prestat_get(folder, &raw mut stat) } != 0 {
        return None;
    }
    let mut name = vec![0; stat.name_size];
    // SAFETY: the name has this size.
    let status = unsafe { wasi::fd_prestat_dir_name(folder, name.as_mut_ptr(), name.len()) };
    (status == 0).then_some(name)
}
