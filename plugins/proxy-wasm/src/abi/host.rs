//! Safe functions over what the proxy offers. None panics: what the proxy does not answer is
//! `None`.
#![allow(unsafe_code)]

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::ptr::{null_mut, slice_from_raw_parts_mut};
use core::slice;

use super::imports as host;
use super::pairs;

/// Answers of the proxy.
const OK: u32 = 0;
const CAS_MISMATCH: u32 = 8;

/// What a log line is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Level {
    Info = 2,
    Warn = 3,
    Error = 4,
}

/// Which headers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Map {
    Request = 0,
    CallResponse = 6,
}

/// Which bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Buffer {
    CallResponse = 4,
    Configuration = 7,
}

/// Somebody else has written meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conflict;

pub(crate) fn log(level: Level, message: &str) {
    // SAFETY: the proxy reads `message` and keeps nothing.
    unsafe { host::proxy_log(level as u32, message.as_ptr(), message.len()) };
}

/// Nanoseconds since 1970; 0 where the proxy has no clock.
pub(crate) fn now() -> u64 {
    let mut time = 0;
    // SAFETY: the proxy writes one number.
    unsafe { host::proxy_get_current_time_nanoseconds(&raw mut time) };
    time
}

/// Asks for a tick every so many milliseconds.
pub(crate) fn set_tick_period(milliseconds: u32) {
    // SAFETY: a number.
    unsafe { host::proxy_set_tick_period_milliseconds(milliseconds) };
}

pub(crate) fn buffer(buffer: Buffer, limit: usize) -> Option<Vec<u8>> {
    // SAFETY: the proxy writes the two answers.
    returned(|data, size| unsafe {
        host::proxy_get_buffer_bytes(buffer as u32, 0, limit, data, size)
    })
}

/// All headers, for [`Pairs`](super::Pairs).
pub(crate) fn headers(map: Map) -> Option<Vec<u8>> {
    // SAFETY: the proxy writes the two answers.
    returned(|data, size| unsafe { host::proxy_get_header_map_pairs(map as u32, data, size) })
}

pub(crate) fn header(map: Map, name: &str) -> Option<Vec<u8>> {
    // SAFETY: the proxy reads `name` and writes the two answers.
    returned(|data, size| unsafe {
        host::proxy_get_header_map_value(map as u32, name.as_ptr(), name.len(), data, size)
    })
}

/// Whether the request has the header now, once and with this value.
pub(crate) fn set_request_header(name: &str, value: &str) -> bool {
    let (map, size) = (Map::Request as u32, value.len());
    // SAFETY: the proxy reads both texts and keeps neither.
    let status = unsafe {
        host::proxy_replace_header_map_value(map, name.as_ptr(), name.len(), value.as_ptr(), size)
    };
    status == OK
}

/// Whether the request has no header of this name any more.
pub(crate) fn remove_request_header(name: &[u8]) -> bool {
    // SAFETY: the proxy reads `name`.
    let status = unsafe {
        host::proxy_remove_header_map_value(Map::Request as u32, name.as_ptr(), name.len())
    };
    status == OK
}

/// A property of the request or the plugin, its path with zero bytes between.
pub(crate) fn property(path: &str) -> Option<Vec<u8>> {
    // SAFETY: the proxy reads `path` and writes the two answers.
    returned(|data, size| unsafe {
        host::proxy_get_property(path.as_ptr(), path.len(), data, size)
    })
}

/// Data that all workers share, and its version; version 0 is that of data that is not there.
pub(crate) fn shared(key: &str) -> (Option<Vec<u8>>, u32) {
    let mut version = 0;
    // SAFETY: the proxy reads `key` and writes the three answers.
    let data = returned(|data, size| unsafe {
        host::proxy_get_shared_data(key.as_ptr(), key.len(), data, size, &raw mut version)
    });
    (data, version)
}

/// Writes data that all workers share, where it still has `version`; 0 writes in any case.
pub(crate) fn set_shared(key: &str, data: &[u8], version: u32) -> Result<(), Conflict> {
    // SAFETY: the proxy copies both.
    let status = unsafe {
        host::proxy_set_shared_data(key.as_ptr(), key.len(), data.as_ptr(), data.len(), version)
    };
    if status == CAS_MISMATCH { Err(Conflict) } else { Ok(()) }
}

/// Makes the following calls concern another request; `false` where it is gone.
pub(crate) fn set_effective_context(context: u32) -> bool {
    // SAFETY: a number.
    unsafe { host::proxy_set_effective_context(context) == OK }
}

/// Lets a request go on that was held.
pub(crate) fn continue_request() {
    // SAFETY: a number.
    unsafe { host::proxy_continue_stream(0) };
}

/// Answers a request here and now.
pub(crate) fn respond(status: u16, details: &str, body: &str) {
    let headers = pairs::serialise(&[("content-type", "application/json")]);
    let no_grpc_status = -1;
    // SAFETY: the proxy copies all of it.
    unsafe {
        host::proxy_send_local_response(
            status.into(),
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            no_grpc_status,
        )
    };
}

/// Sends a request without a body; its answer comes later under the number given here. `None` where
/// the proxy has no such upstream.
pub(crate) fn http_call(
    upstream: &str,
    headers: &[(&str, &str)],
    milliseconds: u32,
) -> Option<u32> {
    let headers = pairs::serialise(headers);
    let no_trailers = pairs::serialise(&[]);
    let mut call = 0;
    // SAFETY: the proxy copies what it is given and writes one number.
    let status = unsafe {
        host::proxy_http_call(
            upstream.as_ptr(),
            upstream.len(),
            headers.as_ptr(),
            headers.len(),
            core::ptr::null(),
            0,
            no_trailers.as_ptr(),
            no_trailers.len(),
            milliseconds,
            &raw mut call,
        )
    };
    (status == OK).then_some(call)
}

/// A counter; `None` where the proxy counts nothing.
pub(crate) fn define_counter(name: &str) -> Option<u32> {
    const COUNTER: u32 = 0;
    let mut metric = 0;
    // SAFETY: the proxy reads `name` and writes one number.
    let status =
        unsafe { host::proxy_define_metric(COUNTER, name.as_ptr(), name.len(), &raw mut metric) };
    (status == OK).then_some(metric)
}

pub(crate) fn increment(metric: u32, by: u32) {
    // SAFETY: numbers.
    unsafe { host::proxy_increment_metric(metric, by.into()) };
}

/// Bytes that the proxy has put into memory that it got from [`allocate`].
fn returned(ask: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Option<Vec<u8>> {
    let (mut data, mut size) = (null_mut::<u8>(), 0);
    if ask(&raw mut data, &raw mut size) != OK || data.is_null() {
        return None;
    }
    // SAFETY: the proxy hands over what it got from `allocate`, once, with at most as many bytes as
    // it had asked for.
    let bytes = unsafe { slice::from_raw_parts(data, size) }.to_vec();
    // SAFETY: as above; nobody else knows the address.
    unsafe { release(data) };
    Some(bytes)
}

/// The first word of a block: how many words it has.
type Word = u64;
const WORD: usize = size_of::<Word>();

/// Memory for the proxy to fill. The block knows its size, because a proxy may ask for more than it
/// then fills.
pub(super) fn allocate(size: usize) -> *mut u8 {
    let mut block = vec![0; 1 + size.div_ceil(WORD)].into_boxed_slice();
    let words = block.len() as Word;
    if let Some(first) = block.first_mut() {
        *first = words;
    }
    // One word behind the start of a block that has at least one.
    Box::into_raw(block).cast::<u8>().wrapping_add(WORD)
}

/// Frees a block.
///
/// # Safety
/// `data` must come from [`allocate`], and must not be used any more.
unsafe fn release(data: *mut u8) {
    #[expect(clippy::cast_ptr_alignment, reason = "it is the start of a block of words")]
    let block = data.wrapping_sub(WORD).cast::<Word>();
    // SAFETY: `allocate` has written the number of words there.
    let words = unsafe { block.read() };
    let words = usize::try_from(words).unwrap_or_default();
    // SAFETY: this is the box that `allocate` has given away.
    drop(unsafe { Box::from_raw(slice_from_raw_parts_mut(block, words)) });
}
