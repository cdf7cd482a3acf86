//! Ends calls that take too long.
//!
//! wasmtime compares a counter, the epoch, with the store's deadline at every loop and call of the
//! guest. A thread of ours moves the counter on while calls are under way, and sleeps while there
//! are none: an idle program is not woken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::{Engine, Store};

/// The deadline in ticks: the finer, the more exactly it is kept.
const TICKS: u32 = 10;
/// After so many ticks without a new call the thread goes to sleep.
const IDLE_TICKS: u32 = 20;

/// Owns the thread, which ends with it.
pub(super) struct Watchdog {
    state: Arc<State>,
    thread: Option<Thread>,
}

struct State {
    /// Calls under way.
    running: AtomicU64,
    /// Calls ever begun.
    begun: AtomicU64,
    asleep: AtomicBool,
    ended: AtomicBool,
}

/// A call under way.
pub(super) struct Watched<'a>(&'a State);

impl Watchdog {
    pub(super) fn start(engine: Engine, deadline: Duration) -> Self {
        let state = Arc::new(State {
            running: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            asleep: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let tick = (deadline / TICKS).max(Duration::from_millis(1));
        let shared = Arc::clone(&state);
        let thread = thread::Builder::new()
            .name("eks-token-watchdog".to_owned())
            .spawn(move || run(&shared, &engine, tick))
            // Without a thread calls are not ended. They are pure and short all the same.
            .map(|handle| handle.thread().clone())
            .ok();
        Self { state, thread }
    }

    /// Counts from now until the answer is dropped.
    pub(super) fn watch<T>(&self, store: &mut Store<T>) -> Watched<'_> {
        // One more: the current tick may be nearly over.
        store.set_epoch_deadline(u64::from(TICKS) + 1);
        self.state.running.fetch_add(1, Ordering::SeqCst);
        self.state.begun.fetch_add(1, Ordering::SeqCst);
        if self.state.asleep.load(Ordering::SeqCst) {
            self.wake();
        }
        Watched(&self.state)
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.unpark();
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.wake();
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn run(state: &State, engine: &Engine, tick: Duration) {
    let mut idle_ticks = 0;
    let mut begun = 0;
    while !state.ended.load(Ordering::SeqCst) {
        let now_begun = state.begun.load(Ordering::SeqCst);
        let is_idle = now_begun == begun && state.running.load(Ordering::SeqCst) == 0;
        begun = now_begun;
        idle_ticks = if is_idle { idle_ticks + 1 } else { 0 };
        if idle_ticks < IDLE_TICKS {
            thread::park_timeout(tick);
            engine.increment_epoch();
            continue;
        }
        // In this order: a call that begins in between sees `asleep` and wakes us, or is seen.
        state.asleep.store(true, Ordering::SeqCst);
        if state.begun.load(Ordering::SeqCst) == begun && !state.ended.load(Ordering::SeqCst) {
            thread::park();
        }
        state.asleep.store(false, Ordering::SeqCst);
        idle_ticks = 0;
    }
}
