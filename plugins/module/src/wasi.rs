//! WASI preview 1, as far as it is needed. Each function answers 0 for success.
//!
//! <https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md>
#![allow(unsafe_code)]

/// A piece of memory to be filled.
#[repr(C)]
pub(crate) struct Piece {
    pub(crate) data: *mut u8,
    pub(crate) size: usize,
}

/// What is said of a file. Times are in nanoseconds since 1970.
#[repr(C)]
#[derive(Default)]
pub(crate) struct FileStat {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) kind: u8,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

/// A folder that the program was given.
#[repr(C)]
#[derive(Default)]
pub(crate) struct PreStat {
    pub(crate) kind: u8,
    pub(crate) name_size: usize,
}

// SAFETY: names and types are those of WASI preview 1.
#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    pub(crate) fn environ_sizes_get(count: *mut usize, size: *mut usize) -> u16;
    pub(crate) fn environ_get(variables: *mut *mut u8, texts: *mut u8) -> u16;
    pub(crate) fn clock_time_get(clock: u32, precision: u64, time: *mut u64) -> u16;
    pub(crate) fn fd_prestat_get(file: u32, stat: *mut PreStat) -> u16;
    pub(crate) fn fd_prestat_dir_name(file: u32, name: *mut u8, size: usize) -> u16;
    pub(crate) fn path_open(
        folder: u32,
        follow: u32,
        path: *const u8,
        size: usize,
        how: u16,
        rights: u64,
        inherited: u64,
        flags: u16,
        file: *mut u32,
    ) -> u16;
    pub(crate) fn fd_filestat_get(file: u32, stat: *mut FileStat) -> u16;
    pub(crate) fn fd_read(file: u32, pieces: *const Piece, count: usize, read: *mut usize) -> u16;
    pub(crate) fn fd_close(file: u32) -> u16;
    pub(crate) fn proc_exit(code: u32) -> !;
}
