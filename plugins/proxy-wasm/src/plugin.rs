//! The plugins in this module, and which of them each call of the proxy is for.

use alloc::vec::Vec;

use eks_token_module::Global;

use crate::root::Root;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on.
    Pass,
    /// It waits, or was answered.
    Hold,
}

/// The plugins of one worker: a proxy may run several configurations in one module.
pub(crate) struct Plugins {
    roots: ById<Root>,
    /// Requests, and the plugin that each belongs to.
    requests: ById<u32>,
}

/// How many requests may be on their way here, from their beginning to their headers.
const MOST_REQUESTS: usize = 50_000;
/// After how long without a tick a plugin is gone, in milliseconds: a new configuration has taken its
/// place, and the last of its requests has its token.
const GONE_AFTER: u64 = 600_000;

static PLUGINS: Global<Plugins> =
    Global::new(Plugins { roots: ById::new(), requests: ById::new() });

/// The plugins of this worker; `None` where a call of the proxy comes within another one.
pub(crate) fn with<T>(call: impl FnOnce(&mut Plugins) -> T) -> Option<T> {
    PLUGINS.borrow().map(|mut plugins| call(&mut plugins))
}

impl Plugins {
    pub(crate) fn create(&mut self, context: u32, parent: u32) {
        if parent == 0 {
            self.roots.insert(context, Root::default());
        } else {
            // Those that were given up before their headers came.
            self.requests.keep_last(MOST_REQUESTS);
            self.requests.insert(context, parent);
        }
    }

    pub(crate) fn configure(&mut self, context: u32, size: usize) -> bool {
        self.roots.get_mut(context).is_some_and(|root| root.configure(size))
    }

    pub(crate) fn tick(&mut self, context: u32) {
        if let Some(root) = self.roots.get_mut(context) {
            let now = root.tick();
            self.roots
                .0
                .retain(|(_, root)| root.last_tick().is_none_or(|then| now < then + GONE_AFTER));
        }
    }

    pub(crate) fn request(&mut self, context: u32) -> Verdict {
        match self.root_of(context) {
            Some(root) => root.request(context),
            None => Verdict::Hold,
        }
    }

    pub(crate) fn answered(&mut self, context: u32, call: u32, headers: usize, body: usize) {
        if let Some(root) = self.roots.get_mut(context) {
            root.answered(call, headers, body);
        }
    }

    /// Asked for once: a request shows its headers once.
    fn root_of(&mut self, request: u32) -> Option<&mut Root> {
        let root = self.requests.remove(request)?;
        self.roots.get_mut(root)
    }
}

/// Values by the number that the proxy has given them. It counts upwards, so that new ones come
/// last; a tree would be faster with tens of thousands, and is seven kilobytes of code.
struct ById<T>(Vec<(u32, T)>);

impl<T> ById<T> {
    const fn new() -> Self {
        Self(Vec::new())
    }

    fn place(&self, id: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }

    fn insert(&mut self, id: u32, value: T) {
        match self.place(id) {
            Ok(place) => {
                if let Some(entry) = self.0.get_mut(place) {
                    entry.1 = value;
                }
            }
            Err(place) => self.0.insert(place, (id, value)),
        }
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        let place = self.place(id).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Forgets the oldest, so that there is room for one more among `most`.
    fn keep_last(&mut self, most: usize) {
        if self.0.len() >= most {
            self.0.drain(..=self.0.len() - most);
        }
    }

    fn remove(&mut self, id: u32) -> Option<T> {
        let place = self.place(id).ok()?;
        Some(self.0.remove(place).1)
    }
}
