//! The http-wasm handler ABI, as far as this plugin needs it.
//!
//! <https://http-wasm.io/http-handler-abi/>

mod exports;
mod host;
mod imports;

pub(crate) use host::*;
