#!/usr/bin/env bash
# A hostile page in a real Chromium against the proxy. Needs Node, npm, openssl and Chromium (by
# CHROMIUM, or on PATH).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
for program in node npm openssl "${chromium:-chromium}"; do
	command -v "$program" >/dev/null || { echo "$program is missing" >&2; exit 1; }
done

cargo build --locked --manifest-path "$root/Cargo.toml" --package eks-token-host \
	--features "${FEATURES:-cli,sandbox}" --bin eks-token
# What is installed goes below target/: the sources stay as they are.
modules="$root/target/browser"
mkdir -p "$modules"
cp "$here"/*.js "$here"/package*.json "$modules/"
(cd "$modules" && npm ci --no-audit --no-fund --silent)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
	-keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 \
	-keyout "$folder/key.pem" -out "$folder/request.pem" 2>/dev/null
openssl x509 -req -in "$folder/request.pem" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -days 2 \
	-set_serial 1 -extfile <(echo "subjectAltName=IP:127.0.0.1") -out "$folder/certificate.pem" 2>/dev/null
node "$modules/hostile.js" "$root/target/debug/eks-token" "$chromium" "$folder"
