//! The imports that are not in `wasi:http`'s world.
#![allow(unsafe_code, missing_docs, reason = "generated glue of the component model's ABI")]
#![allow(clippy::all, clippy::pedantic, reason = "generated")]

#[cfg(not(feature = "config-store"))]
wit_bindgen::generate!({
    world: "eks:token-proxy/proxy",
    path: ["../../wit", "wit-config", "wit"],
    generate_all,
});

#[cfg(feature = "config-store")]
wit_bindgen::generate!({
    world: "eks:token-proxy/proxy-with-store",
    path: ["../../wit", "wit-config", "wit"],
    generate_all,
});
