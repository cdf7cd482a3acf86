//! What is promised of the files that `make plugins` leaves.
#![allow(missing_docs, reason = "a test")]

use std::fs;

use eks_token_plugin_tests::{plugins_folder, repository};

const KIB: usize = 1_024;

fn read(name: &str) -> Vec<u8> {
    fs::read(plugins_folder().join(name)).expect("make plugins builds it")
}

fn contains(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}

#[test]
fn they_are_small() {
    let limits = [
        ("eks_token_proxy_wasm.wasm", 150 * KIB),
        ("eks_token_http_wasm.wasm", 150 * KIB),
        ("eks_token_proxy.wasm", 400 * KIB),
        ("eks_token_proxy_config_store.wasm", 400 * KIB),
    ];
    for (name, limit) in limits {
        let size = read(name).len();
        println!("{name}: {size} bytes");
        assert!(size <= limit, "{name}: {size} bytes");
    }
}

/// The component itself is the plugin, not another build of it.
#[test]
fn the_signer_is_in_the_composed_ones_unchanged() {
    let signer =
        fs::read(repository().join("target/eks_token_signer.wasm")).expect("make component");
    for name in ["eks_token_proxy.wasm", "eks_token_proxy_config_store.wasm"] {
        assert!(contains(&read(name), &signer), "{name}");
    }
    assert!(!contains(&read("eks_token_proxy_wasm.wasm"), &signer));
}

#[test]
fn no_path_of_the_machine_that_built_them_is_in_them() {
    let names = [
        "eks_token_proxy_wasm.wasm",
        "eks_token_http_wasm.wasm",
        "eks_token_proxy.wasm",
        "eks_token_proxy_config_store.wasm",
    ];
    let folder = repository().to_str().expect("text").as_bytes();
    for name in names {
        let file = read(name);
        assert!(!contains(&file, folder), "{name}");
        assert!(!contains(&file, b"/.cargo/registry/"), "{name}");
    }
}
