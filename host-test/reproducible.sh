#!/usr/bin/env bash
# Builds the committed component twice, in two folders with two cargo homes, and compares the bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for copy in one another/place; do
    mkdir -p "$work/$copy" "$work/home-of-${copy%%/*}"
    git archive HEAD | tar -x -C "$work/$copy"
    # The compiler stays where it is; only cargo's home moves.
    RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME="$work/home-of-${copy%%/*}" \
        make --no-print-directory -C "$work/$copy" component
done

one="$work/one/target/eks_token_signer.wasm"
other="$work/another/place/target/eks_token_signer.wasm"
cmp "$one" "$other"
for path in "$work" "$HOME" "$PWD"; do
    if grep -qaF "$path" "$one"; then
        echo "the path $path stands in the component" >&2
        exit 1
    fi
done
echo "the same bytes twice, and no path of this machine in them:"
sha256sum <"$one"
