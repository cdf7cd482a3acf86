//! A reverse proxy as a `wasi:http` component. The token comes from the signer component, unchanged,
//! which `wac plug` puts in; what may pass is decided in `eks-token-gateway`; this crate speaks
//! `wasi:http`. Its README says how to configure it, how callers are authenticated, and what each
//! host needs for a cluster's own certificate authority.
#![cfg(target_family = "wasm")]

mod bindings;
mod body;
mod forward;
mod proxy;
mod request;
mod settings;
mod tokens;

use wasip2::http::types::{IncomingRequest, ResponseOutparam};

struct Component;

impl wasip2::exports::http::incoming_handler::Guest for Component {
    fn handle(request: IncomingRequest, response: ResponseOutparam) {
        proxy::handle(&request, response);
    }
}

#[allow(unsafe_code, reason = "generated glue of the component model's ABI")]
mod export {
    use super::Component;
    wasip2::http::proxy::export!(Component);
}
