//! The time.
#![allow(unsafe_code)]

use crate::wasi;

/// Seconds since 1970; 0 where there is no clock.
#[must_use]
pub fn unix_seconds() -> u64 {
    const REALTIME: u32 = 0;
    let mut time = 0;
    // SAFETY: one number is written.
    unsafe { wasi::clock_time_get(REALTIME, 1_000_000, &raw mut time) };
    time / 1_000_000_000
}
