#!/usr/bin/env bash
# The signer in Python, Node and browsers, and the page: installs what they need below target/ and
# in plugins/node, builds them, and holds them to the same vectors as the Rust core.
#
# Needs rustup, make, Node 20 or newer, Python 3.10 or newer; and Chromium, which is installed by apt
# where it is missing. `CHROMIUM` names another one.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=$PWD/target/plugins/python
built=$PWD/target/plugins/python-dist
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

main() {
	step "the component" make --no-print-directory component
	step "vectors in Rust" cargo test --locked --package eks-token-signer \
		--test token_vectors --test inspection_vectors
	step "what Python needs" prepare_python
	step "types in Python" check_python_types
	step "tests in Python" test_python
	step "what Node needs" prepare_node
	step "what browsers need" prepare_chromium
	step "tests in Node and Chromium" test_node
	echo "the languages agree (${SECONDS} s)"
}

step() {
	local name=$1 from=$SECONDS
	shift
	echo "== $name" >&2
	"$@"
	echo "   $((SECONDS - from)) s" >&2
}

# A virtual environment, made anew where its requirements are others.
prepare_python() {
	local requirements=plugins/python/requirements-test.txt
	if ! cmp -s "$requirements" "$environment/requirements.txt"; then
		rm -rf "$environment"
		mkdir -p "$(dirname "$environment")"
		python3 -m venv "$environment"
		"$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
		cp "$requirements" "$environment/requirements.txt"
	fi
	# By way of the source distribution, as it would be published: so both kinds are built.
	rm -rf "$built"
	(cd plugins/python && "$environment/bin/python" -m hatchling build --target sdist --directory "$built")
	"$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--force-reinstall "$built"/eks_token-*.tar.gz
}

check_python_types() {
	(cd plugins/python && "$environment/bin/mypy" --cache-dir ../../target/plugins/mypy)
}

# Against what is installed, not against src/.
test_python() {
	(cd plugins/python/tests && PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" -m unittest)
}

prepare_node() {
	local lock=plugins/node/package-lock.json
	if grep -q '"resolved"' "$lock"; then
		echo "$lock names a registry; npm must run in plugins/node, where .npmrc forbids it" >&2
		return 1
	fi
	if ! cmp -s "$lock" plugins/node/node_modules/installed.json; then
		(cd plugins/node && npm ci --loglevel=error)
		cp "$lock" plugins/node/node_modules/installed.json
	fi
	(cd plugins/node && npm run --silent build)
}

prepare_chromium() {
	if [ -x "$CHROMIUM" ]; then return; fi
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
		echo "there is no Chromium at $CHROMIUM; install one, and name it in CHROMIUM" >&2
		return 1
	fi
	echo "installing Debian's chromium" >&2
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
}

test_node() {
	(cd plugins/node && npm test --silent)
}

main
