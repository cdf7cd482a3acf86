//! Memory, beginning and end.
#![allow(unsafe_code)]

use core::panic::PanicInfo;

use crate::wasi;

#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

// `memcmp` and the like, which the compiler takes for granted. They bring nothing else along.
#[link(name = "c")]
unsafe extern "C" {}

// SAFETY: the linker makes it.
unsafe extern "C" {
    fn __wasm_call_ctors();
}

/// Sets the module up. To be called once, before anything else.
pub fn initialize() {
    // SAFETY: it sets up the C library, which nothing has used yet.
    unsafe { __wasm_call_ctors() };
}

/// Ends the module: whatever has loaded it learns that it did not start.
pub fn end() -> ! {
    // SAFETY: a number.
    unsafe { wasi::proc_exit(1) }
}

/// A panic is a trap: the proxy sees one. No message is formatted, so none can hold a secret.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
