//! Safe functions over what the host offers.
#![allow(unsafe_code)]

use alloc::vec;
use alloc::vec::Vec;

use super::imports as host;

/// Enough for most answers, in bytes; longer ones are asked for again.
const FIRST_SIZE: usize = 1_024;

/// What a log line is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Level {
    Info = 0,
    Warn = 1,
    Error = 2,
}

/// Whose headers.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Request = 0,
    Response = 1,
}

pub(crate) fn log(level: Level, message: &str) {
    // SAFETY: the host reads `message` and keeps nothing.
    unsafe { host::log(level as i32, message.as_ptr(), message.len()) };
}

/// The plugin's configuration.
pub(crate) fn config() -> Vec<u8> {
    // SAFETY: the host fills at most what it is given.
    filled(|buffer| unsafe { host::get_config(buffer.as_mut_ptr(), buffer.len()) })
}

pub(crate) fn method() -> Vec<u8> {
    // SAFETY: as above.
    filled(|buffer| unsafe { host::get_method(buffer.as_mut_ptr(), buffer.len()) })
}

/// Path and query, as they were sent.
pub(crate) fn uri() -> Vec<u8> {
    // SAFETY: as above.
    filled(|buffer| unsafe { host::get_uri(buffer.as_mut_ptr(), buffer.len()) })
}

/// The names of the request's headers, a zero byte behind each.
pub(crate) fn header_names() -> Vec<u8> {
    // SAFETY: as above.
    filled(|buffer| unsafe {
        size(host::get_header_names(Kind::Request as u32, buffer.as_mut_ptr(), buffer.len()))
    })
}

/// The values of one of the request's headers, a zero byte behind each.
pub(crate) fn header_values(name: &str) -> Vec<u8> {
    // SAFETY: as above; the name is read.
    filled(|buffer| unsafe {
        let (kind, data, limit) = (Kind::Request as u32, buffer.as_mut_ptr(), buffer.len());
        size(host::get_header_values(kind, name.as_ptr(), name.len(), data, limit))
    })
}

/// The request has the header once then, with this value.
pub(crate) fn set_request_header(name: &str, value: &str) {
    set_header(Kind::Request, name, value);
}

pub(crate) fn remove_request_header(name: &str) {
    // SAFETY: the host reads `name`.
    unsafe { host::remove_header(Kind::Request as u32, name.as_ptr(), name.len()) };
}

/// Answers the request, if it does not go on.
pub(crate) fn respond(status: u16, body: &str) {
    set_header(Kind::Response, "Content-Type", "application/json");
    // SAFETY: a number; the host copies `body`.
    unsafe {
        host::set_status_code(status.into());
        host::write_body(Kind::Response as u32, body.as_ptr(), body.len());
    }
}

fn set_header(kind: Kind, name: &str, value: &str) {
    let (data, size) = (value.as_ptr(), value.len());
    // SAFETY: the host copies both.
    unsafe { host::set_header_value(kind as u32, name.as_ptr(), name.len(), data, size) };
}

/// The lower half of an answer.
#[allow(clippy::cast_possible_truncation, reason = "the upper half is a count")]
const fn size(answer: u64) -> usize {
    answer as u32 as usize
}

/// Asks for bytes, and once more where there are more of them than fitted: the host writes all or
/// nothing.
fn filled(mut ask: impl FnMut(&mut [u8]) -> usize) -> Vec<u8> {
    let mut buffer = vec![0; FIRST_SIZE];
    let mut size = ask(&mut buffer);
    if size > buffer.len() {
        buffer.resize(size, 0);
        size = ask(&mut buffer);
    }
    buffer.truncate(size);
    buffer
}
