//! What a WebAssembly core module has where there is no standard library: memory, the end of a
//! panic, variables, files, the time. For the modules that proxies load; the standard library's own,
//! with its texts for panics, would be a third of such a module.
//!
//! Only what a module calls is linked into it: a proxy that has no files is not asked for any.
#![cfg(target_os = "wasi")]
#![no_std]

extern crate alloc;

mod clock;
mod environment;
mod file;
mod global;
mod machine;
mod wasi;

pub use clock::unix_seconds;
pub use environment::variable;
pub use file::{File, Stamp};
pub use global::Global;
pub use machine::{end, initialize};
