//! What the host calls.
// They are reachable by their names, for the host alone.
#![allow(unsafe_code, unreachable_pub)]

use crate::guest;

// SAFETY of the exports: each name is defined by the ABI and nowhere else in this module.

/// Sets the guest up. One with a mistake in its configuration ends here.
#[unsafe(no_mangle)]
pub extern "C" fn _initialize() {
    eks_token_module::initialize();
    guest::start();
}

/// A request has come: 1 lets it go on, 0 answers it with what was written.
#[unsafe(no_mangle)]
pub extern "C" fn handle_request() -> u64 {
    u64::from(guest::request())
}

/// Its answer goes back as it is.
#[unsafe(no_mangle)]
pub extern "C" fn handle_response(_context: u32, _is_error: u32) {}
