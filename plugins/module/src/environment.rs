//! Variables.
#![allow(unsafe_code)]

use alloc::string::String;
use alloc::vec;
use core::ptr::null_mut;

use zeroize::Zeroize as _;

use crate::wasi;

/// A variable that the module was given.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    let (mut count, mut size) = (0, 0);
    // SAFETY: two numbers are written.
    if unsafe { wasi::environ_sizes_get(&raw mut count, &raw mut size) } != 0 {
        return None;
    }
    let mut texts = vec![0; size];
    let mut places = vec![null_mut(); count];
    // SAFETY: both have the size that was asked for.
    if unsafe { wasi::environ_get(places.as_mut_ptr(), texts.as_mut_ptr()) } != 0 {
        return None;
    }
    let value = texts.split(|byte| *byte == 0).find_map(|text| {
        let (found, value) = core::str::from_utf8(text).ok()?.split_once('=')?;
        (found == name).then(|| String::from(value))
    });
    texts.zeroize();
    value
}
