#!/usr/bin/env bash
# Puts the signer component, unchanged, into the wasi:http proxy: target/plugins/eks_token_proxy.wasm.
# With `config-store` as argument the proxy that reads the host's store.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.12.0
tools=target/plugins/tools
if [ "$("$tools/bin/wac" --version 2>/dev/null || true)" != "wac-cli $version" ]; then
    echo "installing wac $version below target/plugins (two minutes, once)" >&2
    cargo install wac-cli --version "$version" --locked --quiet --no-default-features --features wit \
        --root "$tools"
fi
output=target/plugins/eks_token_proxy.wasm
if [ "${1:-}" = config-store ]; then
    output=target/plugins/eks_token_proxy_config_store.wasm
fi
"$tools/bin/wac" plug target/wasm32-wasip2/plugin/eks_token_wasi_http.wasm \
    --plug target/eks_token_signer.wasm --output "$output"
