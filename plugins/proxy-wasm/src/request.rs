//! A request: what it says, what is taken out of it, and whether it may pass.

use alloc::vec::Vec;
use core::str::from_utf8;

use eks_token_gateway::{
    Caller, Config, Destination, Refusal, Request, RequestLine, is_smuggled,
    without_smuggled_protocols,
};

use crate::abi::{self, Pairs};

/// What a request says of itself. What is no text is not there.
#[derive(Default)]
pub(crate) struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    authority: Option<&'a str>,
    authorization: Option<&'a str>,
    upgrade: bool,
    websocket_protocols: Vec<&'a str>,
    smuggled: Vec<&'a [u8]>,
}

impl<'a> Asked<'a> {
    pub(crate) fn read(headers: &'a [u8]) -> Self {
        let mut said = Self::default();
        for (name, value) in Pairs::new(headers) {
            let text = || from_utf8(value).ok();
            match name {
                b":method" => {
                    said.method = text().unwrap_or_default();
                    said.upgrade |= value == b"CONNECT";
                }
                b":path" => said.path = text().unwrap_or_default(),
                b":authority" => said.authority = text(),
                b"upgrade" | b":protocol" => said.upgrade = true,
                b"sec-websocket-protocol" => said.websocket_protocols.extend(text()),
                b"authorization" => {
                    said.authorization = text();
                    said.smuggled.push(name);
                }
                _ if from_utf8(name).is_ok_and(is_smuggled) => said.smuggled.push(name),
                _ => {}
            }
        }
        said
    }

    /// Takes out what a caller could smuggle in. The proxy must do as it is told.
    pub(crate) fn clean(&self) -> Result<(), Refusal> {
        let mut is_clean = self.smuggled.iter().all(|name| abi::remove_request_header(name));
        if !self.websocket_protocols.is_empty() {
            const NAME: &str = "sec-websocket-protocol";
            is_clean &= match without_smuggled_protocols(&self.websocket_protocols.join(",")) {
                Some(protocols) => abi::set_request_header(NAME, &protocols),
                None => abi::remove_request_header(NAME.as_bytes()),
            };
        }
        if is_clean { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    /// The index of the cluster that the request is for. To be asked after [`clean`](Self::clean): a
    /// route may have been chosen by what that takes out.
    pub(crate) fn admit(&self, config: &Config) -> Result<usize, Refusal> {
        let certificate = Certificate::look_up(config);
        let names: Vec<&str> =
            certificate.names.iter().filter_map(|name| from_utf8(name).ok()).collect();
        let route = Route::look_up(config);
        let request = Request {
            line: RequestLine { method: self.method, path: self.path, upgrade: self.upgrade },
            caller: Caller {
                has_certificate: certificate.is_shown,
                names: &names,
                authorization: self.authorization,
            },
            destination: Destination {
                authority: self.authority,
                route: route.name.as_deref().and_then(|name| from_utf8(name).ok()),
                upstream: route.upstream.as_deref().and_then(|name| from_utf8(name).ok()),
            },
        };
        config.admit(&request).map(|admission| admission.cluster)
    }
}

/// The names in the certificate of a client: of Envoy's attributes, with zero bytes between.
const NAMES: [&str; 3] = [
    "connection\0uri_san_peer_certificate",
    "connection\0dns_san_peer_certificate",
    "connection\0subject_peer_certificate",
];

/// The client's certificate.
#[derive(Default)]
struct Certificate {
    is_shown: bool,
    names: Vec<Vec<u8>>,
}

impl Certificate {
    fn look_up(config: &Config) -> Self {
        if !config.callers.asks_for_certificate() {
            return Self::default();
        }
        Self {
            is_shown: abi::property("connection\0mtls").is_some_and(|shown| shown == [1]),
            names: NAMES.into_iter().filter_map(abi::property).collect(),
        }
    }
}

/// Where the proxy sends the request.
#[derive(Default)]
struct Route {
    name: Option<Vec<u8>>,
    upstream: Option<Vec<u8>>,
}

impl Route {
    fn look_up(config: &Config) -> Self {
        if !config.clusters.iter().any(|cluster| cluster.matches.asks_for_route()) {
            return Self::default();
        }
        Self {
            name: abi::property("xds\0route_name"),
            upstream: abi::property("xds\0cluster_name"),
        }
    }
}
