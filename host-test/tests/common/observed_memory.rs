//! A linear memory that can be looked at from outside.

#![expect(unsafe_code, reason = "wasmtime asks for it")]

use std::sync::{Arc, Mutex};

use wasmtime::{Config, LinearMemory, MemoryCreator, MemoryType};

/// Room for growth, in bytes: a memory must not move.
const CAPACITY: usize = 8 * 1024 * 1024;

/// Sees every memory that is created under its configuration.
#[derive(Default, Clone)]
pub(crate) struct Observer(Arc<Mutex<Vec<Region>>>);

/// Where one memory lies.
#[derive(Clone, Copy)]
struct Region {
    start: *mut u8,
    size: usize,
}

// SAFETY: read only while no guest runs.
unsafe impl Send for Region {}

impl Observer {
    /// A configuration whose memories are observed.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new();
        config.epoch_interruption(true);
        config.memory_reservation(0).memory_guard_size(0).memory_reservation_for_growth(0);
        config.memory_init_cow(false);
        config.with_host_memory(Arc::new(self.clone()));
        config
    }

    /// A copy of the newest memory as it is now.
    pub(crate) fn snapshot(&self) -> Vec<u8> {
        let regions = self.0.lock().expect("no panic before");
        let Region { start, size } = *regions.last().expect("an instance has a memory");
        // SAFETY: the region is `size` bytes long and never freed; no guest runs meanwhile.
        unsafe { std::slice::from_raw_parts(start, size) }.to_vec()
    }
}

// SAFETY: the memory handed out is `CAPACITY` bytes of zeros that never move.
unsafe impl MemoryCreator for Observer {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        _: Option<usize>,
        _: Option<usize>,
        _: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        // Never freed: a test makes a handful.
        let start = Vec::leak(vec![0; CAPACITY]).as_mut_ptr();
        let mut regions = self.0.lock().map_err(|_| "poisoned")?;
        regions.push(Region { start, size: minimum });
        let index = regions.len() - 1;
        Ok(Box::new(Observed { start, size: minimum, observer: self.clone(), index }))
    }
}

struct Observed {
    start: *mut u8,
    size: usize,
    observer: Observer,
    index: usize,
}

// SAFETY: the bytes belong to this memory alone.
unsafe impl Send for Observed {}
// SAFETY: as above; wasmtime sees to who writes when.
unsafe impl Sync for Observed {}

// SAFETY: as for the creator.
unsafe impl LinearMemory for Observed {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        CAPACITY
    }

    fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
        if size > CAPACITY {
            return Err(wasmtime::Error::msg("the test's memory is too small"));
        }
        self.size = size;
        self.observer.0.lock().expect("no panic before")[self.index].size = size;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.start
    }
}
