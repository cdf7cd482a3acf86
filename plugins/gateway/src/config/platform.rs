//! What the surroundings of a plugin can do, so that a configuration that asks for more is refused
//! at the start.

/// The surroundings of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Envoy, Istio, APISIX: <https://github.com/proxy-wasm/spec>.
    ProxyWasm,
    /// Traefik: <https://http-wasm.io/http-handler-abi/>.
    HttpWasm,
    /// Spin, wasmCloud, `wasmtime serve`, `jco serve`: <https://github.com/WebAssembly/wasi-http>.
    WasiHttp,
}

impl Platform {
    /// Whether a plugin learns of verified client certificates.
    pub(super) const fn sees_certificates(self) -> bool {
        matches!(self, Self::ProxyWasm)
    }

    /// Whether a plugin learns of routes and upstreams.
    pub(super) const fn sees_routes(self) -> bool {
        matches!(self, Self::ProxyWasm)
    }

    /// Whether a plugin can ask for credentials over HTTP.
    pub(super) const fn asks_http(self) -> bool {
        matches!(self, Self::ProxyWasm)
    }

    /// Whether a plugin says itself where a request goes.
    pub(super) const fn chooses_server(self) -> bool {
        matches!(self, Self::WasiHttp)
    }

    /// Whether a plugin can read files.
    pub(super) const fn reads_files(self) -> bool {
        matches!(self, Self::HttpWasm)
    }
}
