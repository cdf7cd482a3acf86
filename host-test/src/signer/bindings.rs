//! What `bindgen!` makes of `wit/token.wit`. Its types show secrets in `Debug` and stay in here.

#![allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated")]

wasmtime::component::bindgen!({
    world: "token-signer",
    path: "../wit",
    ownership: Borrowing { duplicate_if_necessary: true },
});
