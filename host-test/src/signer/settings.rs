//! Settings that the compiler (in `build.rs`) and the runtime must agree on: machine code made
//! under others is refused.

use wasmtime::Config;

/// The common part of both configurations.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    // Deadlines: a check at every loop and call, far cheaper than counting fuel.
    config.epoch_interruption(true);
    // Traps are told by kind. Frames and their addresses would triple the size of the code.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.wasm_component_model(true);
    config
}
