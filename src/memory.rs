//! The component's memory: an allocator that wipes what was used, the wiping of the stack, and
//! the end of a panic.
//!
//! Wiping covers every place a value can have been: arguments that the host lowered and results
//! that it lifted live on the heap and are freed by the generated glue; temporaries live on the
//! stack below the call. `host-test/tests/memory.rs` scans the memory of the finished component
//! for what they miss.
//!
//! The allocator is our own because the calls are short: it hands out addresses in ascending
//! order, and when the last block is freed, which is at the end of every call, it wipes all that
//! was used in one stroke and begins anew. That is faster than a general one that wipes block by
//! block, a tenth of its size, and needs no `std` (whose panic messages alone are larger than the
//! signer).

#![expect(unsafe_code, reason = "GlobalAlloc is an unsafe trait")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::Cell;
use core::hint::black_box;
use core::panic::PanicInfo;
use core::ptr;

#[global_allocator]
static HEAP: Heap =
    Heap { next: Cell::new(0), farthest: Cell::new(0), end: Cell::new(0), live: Cell::new(0) };

/// Size of a WebAssembly page, in bytes.
const PAGE: usize = 64 * 1024;

/// Ascending addresses from the end of the static data on.
///
/// `realloc` is the trait's own (allocate, copy, free), so what grows leaves nothing behind.
struct Heap {
    /// First free address; 0 before the first allocation.
    next: Cell<usize>,
    /// End of the farthest block since the last wiping.
    farthest: Cell<usize>,
    /// End of the memory.
    end: Cell<usize>,
    /// How many blocks are in use.
    live: Cell<usize>,
}

// SAFETY: a component instance has one thread.
unsafe impl Sync for Heap {}

impl Heap {
    /// Zeros from the first block to the end of the farthest.
    fn wipe(&self) {
        if cfg!(eks_token_unwiped) {
            return;
        }
        let start = heap_base();
        let used = ptr::with_exposed_provenance_mut::<u8>(start);
        // SAFETY: the range lies within the memory, and no block of it is in use.
        unsafe { used.write_bytes(0, self.farthest.get() - start) };
        // The compiler must take the zeros for read, or it may leave out the writing.
        black_box(used);
        self.farthest.set(start);
    }

    /// Makes room up to `end`, if the host allows it.
    fn reach(&self, end: usize) -> Option<()> {
        if end > self.end.get() {
            let size = wasm32::memory_size(0) * PAGE;
            let pages = end.saturating_sub(size).div_ceil(PAGE);
            if pages > 0 && wasm32::memory_grow(0, pages) == usize::MAX {
                return None;
            }
            self.end.set(size + pages * PAGE);
        }
        Some(())
    }

    fn reserve(&self, layout: Layout) -> Option<usize> {
        let start = match self.next.get() {
            0 => heap_base(),
            next => next,
        };
        let start = start.checked_next_multiple_of(layout.align())?;
        let end = start.checked_add(layout.size())?;
        self.reach(end)?;
        self.next.set(end);
        self.farthest.set(self.farthest.get().max(end));
        self.live.set(self.live.get() + 1);
        Some(start)
    }
}

// SAFETY: blocks are aligned and lie one behind the other, so none overlaps another that is in
// use: addresses begin anew only when none is.
unsafe impl GlobalAlloc for Heap {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.reserve(layout).map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.live.set(self.live.get() - 1);
        if self.live.get() == 0 {
            self.wipe();
            self.next.set(0);
        } else if block.addr() + layout.size() == self.next.get() {
            self.next.set(block.addr());
        }
    }
}

/// Where the linker's data ends.
fn heap_base() -> usize {
    unsafe extern "C" {
        // The linker's symbol; its address is its meaning.
        static __heap_base: u8;
    }
    (&raw const __heap_base).expose_provenance()
}

/// A panic is a trap: the host sees one, and throws the instance away. No message is formatted,
/// so none can hold a secret.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// How deep the stack is wiped, in bytes: well below its 64 KiB, well over what signing and
/// inspecting use (the scan finds out when that changes).
const DEPTH: usize = 8 * 1024;

/// Runs `work` and wipes the stack that it used.
pub(crate) fn wiping_the_stack<T>(work: impl FnOnce() -> T) -> T {
    let answer = apart(work);
    if cfg!(not(eks_token_unwiped)) {
        zeroize::zeroize_stack::<DEPTH>();
    }
    answer
}

/// Never inlined: the work's frame must lie below its caller's, where the wiping reaches.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}
