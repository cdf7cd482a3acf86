//! What a program gets from its machine where there is no standard library: memory, the end of a
//! panic, variables. The standard library's own, with its texts for panics, would be a third of the
//! module.
#![allow(unsafe_code)]

use alloc::string::String;
use alloc::vec;
use core::cell::{RefCell, RefMut};
use core::panic::PanicInfo;

#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A panic is a trap: the proxy sees one. No message is formatted, so none can hold a secret.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// A value that is there for all calls of the proxy.
pub(crate) struct Global<T>(RefCell<T>);

// SAFETY: a module has one thread; each worker of the proxy has a module of its own.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(RefCell::new(value))
    }

    /// `None` where it is in use further up.
    pub(crate) fn borrow(&self) -> Option<RefMut<'_, T>> {
        self.0.try_borrow_mut().ok()
    }
}

// SAFETY: names and types are those of WASI preview 1.
#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn environ_sizes_get(count: *mut usize, size: *mut usize) -> u16;
    fn environ_get(variables: *mut *mut u8, texts: *mut u8) -> u16;
}

/// A variable that the proxy was told to hand on.
pub(crate) fn variable(name: &str) -> Option<String> {
    let (mut count, mut size) = (0, 0);
    // SAFETY: the proxy writes two numbers.
    if unsafe { environ_sizes_get(&raw mut count, &raw mut size) } != 0 {
        return None;
    }
    let mut texts = vec![0; size];
    let mut places = vec![core::ptr::null_mut(); count];
    // SAFETY: both have the size that the proxy has asked for.
    if unsafe { environ_get(places.as_mut_ptr(), texts.as_mut_ptr()) } != 0 {
        return None;
    }
    let value = texts.split(|byte| *byte == 0).find_map(|text| {
        let (found, value) = core::str::from_utf8(text).ok()?.split_once('=')?;
        (found == name).then(|| String::from(value))
    });
    zeroize::Zeroize::zeroize(&mut texts);
    value
}
