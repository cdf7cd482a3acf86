#!/usr/bin/env bash
# Whether eks-token, built with these features, holds a code generator: exit status 0 if it does.
set -euo pipefail
cd "$(dirname "$0")"
tree=$(cargo tree --locked --package eks-token-host --features "$1" -e normal --prefix none)
grep -qE '^(cranelift-codegen|wasmtime-internal-cranelift|winch-codegen|wasmtime-internal-winch) ' <<<"$tree"
