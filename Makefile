# Everything a newcomer needs: `make run`, then `make test`. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CARGO_HOME ?= $(HOME)/.cargo
WASM := wasm32-unknown-unknown
# What modules for proxies are built for.
WASI := wasm32-wasip1
WASI_P2 := wasm32-wasip2
# No path of the machine that builds is in what it builds.
REMAPPED := ['--remap-path-prefix=$(CARGO_HOME)=/cargo', '--remap-path-prefix=$(CURDIR)=/eks-token']
HOST := --package eks-token-host
FEATURES := --features cli,sandbox
# Whether a code generator is in the tree of these features. Three crates of containers, which
# wasmtime's runtime is made of, are named after Cranelift, too: entity, bitset and bforest.
HOLDS_COMPILER := host-test/holds_compiler.sh

.PHONY: help setup run build component test test-peers plugins test-plugins lint bench bench-proxy reproducible

help: ## List these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The target that the component is built for. Rustup installs the pinned compiler by itself.
setup:
	@rustup target list --installed | grep -qx $(WASM) || rustup target add $(WASM)

run: setup ## Build everything, start a local EKS, list its pods with a token of ours
	cargo build --locked $(HOST) $(FEATURES)
	@PATH="$(CURDIR)/target/debug:$$PATH" target/debug/eks-token-sandbox --pods 12 -- \
		bash host-test/demo.sh

build: setup ## Build target/release/eks-token and target/release/eks-token-sandbox
	cargo build --locked --release $(HOST) --features cli --bin eks-token
	cargo build --locked --release $(HOST) $(FEATURES) --bin eks-token-sandbox

# The same command, with the same flags, as in host-test/build/component.rs.
component: setup ## Build target/eks_token_signer.wasm
	cargo rustc --locked --package eks-token-signer --lib --crate-type cdylib \
		--features component --profile component --target $(WASM) --target-dir target/component \
		--config "target.$(WASM).rustflags=$(REMAPPED)"
	@cp target/component/$(WASM)/component/eks_token_signer.wasm target/eks_token_signer.wasm
	@sha256sum target/eks_token_signer.wasm

test: setup ## All quick tests
	cargo test --locked --package eks-token-signer
	cargo test --locked --package eks-token-gateway
	cargo test --locked $(HOST) $(FEATURES),compiler
	@if $(HOLDS_COMPILER) cli; then echo "eks-token holds a compiler"; exit 1; fi
	@$(HOLDS_COMPILER) cli,compiler || { echo "the search for a compiler finds none"; exit 1; }
	@echo "eks-token holds no compiler"

test-peers: setup ## Beside the AWS CLI, moto and the Python client (installs them below target/)
	host-test/peers/environment.sh
	EKS_TOKEN_PEERS="$(CURDIR)/target/peers" cargo test --locked $(HOST) $(FEATURES),compiler \
		--test peers -- --nocapture

# Core modules for proxies, and a component with the signer in it.
plugins: component ## Build the modules for proxies: target/plugins/eks_token_*.wasm
	@for target in $(WASI) $(WASI_P2); do \
		rustup target list --installed | grep -qx $$target || rustup target add $$target; done
	cargo build --locked --package eks-token-proxy-wasm --package eks-token-http-wasm \
		--profile plugin --target $(WASI) --config "target.$(WASI).rustflags=$(REMAPPED)"
	@mkdir -p target/plugins
	@cp target/$(WASI)/plugin/eks_token_{proxy,http}_wasm.wasm target/plugins/
	cargo build --locked --package eks-token-wasi-http --features config-store \
		--profile plugin --target $(WASI_P2) --config "target.$(WASI_P2).rustflags=$(REMAPPED)"
	plugins/compose.sh eks_token_proxy_config_store.wasm
	cargo build --locked --package eks-token-wasi-http \
		--profile plugin --target $(WASI_P2) --config "target.$(WASI_P2).rustflags=$(REMAPPED)"
	plugins/compose.sh eks_token_proxy.wasm
	@wc -c target/plugins/eks_token_*.wasm

test-plugins: setup plugins ## The plugins in Python, Node, browsers and real proxies (installs these)
	plugins/test-languages.sh
	plugins/environment.sh
	cargo test --locked --package eks-token-plugin-tests --test modules --test envoy \
		--test traefik --test wasi_http -- --test-threads 2
	host-test/tests/browser/run.sh

lint: setup ## Formatting, clippy with warnings denied, documentation
	cargo fmt --all --check
	cargo clippy --locked --package eks-token-signer --all-targets -- -D warnings
	cargo clippy --locked --package eks-token-signer --features component --target $(WASM) -- -D warnings
	cargo clippy --locked $(HOST) --lib -- -D warnings
	cargo clippy --locked $(HOST) --features aws --lib -- -D warnings
	cargo clippy --locked $(HOST) --features kube --lib -- -D warnings
	cargo clippy --locked $(HOST) --features proxy --lib -- -D warnings
	cargo clippy --locked $(HOST) $(FEATURES),compiler --all-targets --test peers -- -D warnings
	@for target in $(WASI) $(WASI_P2); do \
		rustup target list --installed | grep -qx $$target || rustup target add $$target; done
	cargo clippy --locked --package eks-token-gateway --all-targets -- -D warnings
	cargo clippy --locked --package eks-token-module --package eks-token-proxy-wasm \
		--package eks-token-http-wasm --target $(WASI) -- -D warnings
	cargo clippy --locked --package eks-token-wasi-http --target $(WASI_P2) -- -D warnings
	cargo clippy --locked --package eks-token-wasi-http --features config-store \
		--target $(WASI_P2) -- -D warnings
	cargo clippy --locked --package eks-token-plugin-tests --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --package eks-token-signer
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --package eks-token-gateway
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps $(HOST) $(FEATURES),compiler

bench: setup ## Tokens by us and by others, in one table (release build; several minutes at first)
	cargo build --locked --release $(HOST) --features cli --bin eks-token
	cargo bench --locked $(HOST) --features compiler --bench token

bench-proxy: setup plugins ## Proxies that add a token, side by side (nginx, wrk and openssl are needed)
	cargo build --locked --release $(HOST) --features cli --bin eks-token
	plugins/environment.sh
	@# One pod, and a dozen.
	BYTES=2048 plugins/bench/proxies.sh
	BYTES=30000 plugins/bench/proxies.sh

reproducible: setup ## Build the component in two folders with two cargo homes: one SHA-256
	host-test/reproducible.sh
