#!/usr/bin/env bash
# Puts the signer component, unchanged, into the wasi:http proxy that was built last. The argument is
# the file's name below target/plugins.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.12.0
tools=target/plugins/tools
if [ "$("$tools/bin/wac" --version 2>/dev/null || true)" != "wac-cli $version" ]; then
    echo "installing wac $version below target/plugins (two minutes, once)" >&2
    cargo install wac-cli --version "$version" --locked --quiet --no-default-features --features wit \
        --root "$tools"
fi
"$tools/bin/wac" plug target/wasm32-wasip2/plugin/eks_token_wasi_http.wasm \
    --plug target/eks_token_signer.wasm --output "target/plugins/$1"
