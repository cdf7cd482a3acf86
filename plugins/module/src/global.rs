//! State between calls.
#![allow(unsafe_code)]

use core::cell::{RefCell, RefMut};

/// A value that is there for all calls of the proxy.
#[derive(Debug)]
pub struct Global<T>(RefCell<T>);

// SAFETY: a module has one thread.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    /// With its first value.
    pub const fn new(value: T) -> Self {
        Self(RefCell::new(value))
    }

    /// `None` where it is in use further up.
    pub fn borrow(&self) -> Option<RefMut<'_, T>> {
        self.0.try_borrow_mut().ok()
    }
}
