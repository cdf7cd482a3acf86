//! A request: what it says, what is taken out of it, and whether it may pass.

use alloc::vec::Vec;
use core::str::from_utf8;

use eks_token_gateway::{
    Caller, Config, Destination, Refusal, Request, RequestLine, is_smuggled,
    without_smuggled_protocols,
};

use crate::abi;

const PROTOCOLS: &str = "Sec-WebSocket-Protocol";

/// The index of the cluster that the request is for. What a caller could smuggle in is out of it
/// then.
pub(crate) fn admit(config: &Config) -> Result<usize, Refusal> {
    let names = abi::header_names();
    // Two headers of one name are none: which of them would count?
    let (authorization, host) = (abi::header_values("Authorization"), abi::header_values("Host"));
    let upgrade = has(&names, "Upgrade") || has(&names, ":protocol");
    clean(&names);
    let (method, uri) = (abi::method(), abi::uri());
    let request = Request {
        line: RequestLine {
            method: from_utf8(&method).unwrap_or_default(),
            path: from_utf8(&uri).unwrap_or_default(),
            upgrade,
        },
        caller: Caller { authorization: only(&authorization), ..Caller::default() },
        destination: Destination { authority: only(&host), ..Destination::default() },
    };
    config.admit(&request).map(|admission| admission.cluster)
}

/// Takes out what a caller could smuggle in.
fn clean(names: &[u8]) {
    for name in texts(names) {
        if is_smuggled(name) {
            abi::remove_request_header(name);
        }
    }
    if has(names, PROTOCOLS) {
        let values = abi::header_values(PROTOCOLS);
        let values = texts(&values).collect::<Vec<_>>().join(",");
        match without_smuggled_protocols(&values) {
            Some(kept) => abi::set_request_header(PROTOCOLS, &kept),
            None => abi::remove_request_header(PROTOCOLS),
        }
    }
}

fn has(names: &[u8], name: &str) -> bool {
    texts(names).any(|found| found.eq_ignore_ascii_case(name))
}

/// The only text of a list.
fn only(list: &[u8]) -> Option<&str> {
    let mut texts = texts(list);
    texts.next().filter(|_| texts.next().is_none())
}

/// The texts of a list with a zero byte behind each.
fn texts(list: &[u8]) -> impl Iterator<Item = &str> {
    list.split(|byte| *byte == 0)
        .filter_map(|text| from_utf8(text).ok())
        .filter(|it| !it.is_empty())
}
