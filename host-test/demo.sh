#!/usr/bin/env bash
# What `make run` shows. The sandbox starts this with the environment of its reader.
set -euo pipefail

cluster=sandbox

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "1. A token, signed inside the WebAssembly component:"
token=$(eks-token get-token --cluster-name "$cluster" --token-only)
printf '   %s… (%d characters)\n' "${token:0:24}" "${#token}"

say "2. What was signed, and how long it lives:"
eks-token inspect <<<"$token" | sed 's/^/   /'

say "3. The pods of the cluster, listed with a fresh one over TLS:"
eks-token pods --cluster-name "$cluster" --all-namespaces 2>&1 | sed 's/^/   /'

say "That was a local EKS: its AWS API, its API server and the check of the signature, by the AWS SDK's"
printf '%s\n' "own signer, ran in one process on 127.0.0.1. The lines that begin with eks and kubernetes are its" \
    "log: what was asked, the status, and who the server took us for. With your own cluster:"
printf '\n   %s\n\n' "make build && target/release/eks-token pods --cluster-name NAME --region REGION"
