//! What the host offers. Lists of texts have a zero byte behind each; a count stands in the upper half
//! of an answer, a size in bytes in the lower.
#![allow(unsafe_code)]

// SAFETY: names and types are those of the ABI.
#[link(wasm_import_module = "http_handler")]
unsafe extern "C" {
    pub(super) fn get_config(buffer: *mut u8, limit: usize) -> usize;
    pub(super) fn log(level: i32, message: *const u8, size: usize);
    pub(super) fn get_method(buffer: *mut u8, limit: usize) -> usize;
    pub(super) fn get_uri(buffer: *mut u8, limit: usize) -> usize;
    pub(super) fn get_header_names(kind: u32, buffer: *mut u8, limit: usize) -> u64;
    pub(super) fn get_header_values(
        kind: u32,
        name: *const u8,
        name_size: usize,
        buffer: *mut u8,
        limit: usize,
    ) -> u64;
    pub(super) fn set_header_value(
        kind: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    );
    pub(super) fn remove_header(kind: u32, name: *const u8, name_size: usize);
    pub(super) fn set_status_code(status: u32);
    pub(super) fn write_body(kind: u32, body: *const u8, size: usize);
}
