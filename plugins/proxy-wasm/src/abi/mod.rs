//! The proxy-wasm ABI 0.2.1, as far as this plugin needs it: safe functions over what the proxy
//! offers, and the functions that the proxy calls.
//!
//! It is written by hand because the published SDK panics where a proxy answers unexpectedly (a
//! header that is no UTF-8 is enough), which stops the machine that all requests of a worker share;
//! and because a proxy calls every function that a module exports: the SDK exports all of them, so
//! that each piece of each body would cross into the module and back for nothing.
//!
//! <https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1>

mod exports;
mod host;
mod imports;
mod pairs;

pub(crate) use host::*;
pub(crate) use pairs::Pairs;
