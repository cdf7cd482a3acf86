#!/usr/bin/env bash
# Makes the virtual environment target/peers, where it is missing or of other requirements.
set -euo pipefail
cd "$(dirname "$0")/../.."
requirements=host-test/peers/requirements.txt
made=target/peers/requirements.txt
if cmp -s "$requirements" "$made"; then exit 0; fi
echo "installing the peers below target/peers (some minutes, once)" >&2
rm -rf target/peers
python3 -m venv target/peers
target/peers/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$made"
