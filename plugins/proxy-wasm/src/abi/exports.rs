//! What the proxy calls. What is not here costs nothing: it is not called, not even to say that a
//! request has begun or is gone.
// They are reachable by their names, for the proxy alone.
#![allow(unsafe_code, unreachable_pub)]

use super::host;
use crate::plugin::{self, Verdict};

// SAFETY of the exports: each name is defined by the ABI and nowhere else in this module.

/// The version of the ABI, by its name.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_abi_version_0_2_1() {}

/// Sets up the module, before anything else is called.
#[unsafe(no_mangle)]
pub extern "C" fn _initialize() {
    eks_token_module::initialize();
}

/// Memory for what the proxy hands over.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    host::allocate(size)
}

/// Whether the module is ready.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_vm_start(_context: u32, _size: usize) -> bool {
    true
}

/// Whether the configuration is right.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_configure(context: u32, size: usize) -> bool {
    plugin::with(|plugins| plugins.configure(context, size)).unwrap_or(false)
}

/// Time has passed.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_tick(context: u32) {
    plugin::with(|plugins| plugins.tick(context));
}

/// A request has come: 0 lets it pass, 1 holds it.
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_request_headers(context: u32, _count: usize, _end: bool) -> u32 {
    match plugin::with(|plugins| plugins.request(context)) {
        Some(Verdict::Pass) => 0,
        // Held, answered, or in the hands of nobody: it must not go on.
        Some(Verdict::Hold) | None => 1,
    }
}

/// Somebody who was asked has answered, or not (no headers).
#[unsafe(no_mangle)]
pub extern "C" fn proxy_on_http_call_response(
    context: u32,
    call: u32,
    headers: usize,
    body: usize,
    _trailers: usize,
) {
    plugin::with(|plugins| plugins.answered(context, call, headers, body));
}
