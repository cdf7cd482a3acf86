//! The plugins in this module, and which of them each call of the proxy is for.
//!
//! A request does not say which plugin it belongs to, but in a call of its own at its beginning, and
//! that call alone would cost as much as all the rest. Nor is there more than one plugin, since each
//! has a `vm_id` of its own; except while a new configuration takes the place of an old one, whose last
//! requests still run. For that time all of them must admit a request, and mean the same cluster.

use alloc::vec::Vec;

use eks_token_gateway::{ClusterEntry, Refusal, Unavailable};
use eks_token_module::Global;

use crate::abi::{self, Map};
use crate::request::Asked;
use crate::root::Root;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on.
    Pass,
    /// It waits, or was answered.
    Hold,
}

/// The plugins of one worker, by the number that the proxy has given them; the newest is the last.
pub(crate) struct Plugins(Vec<(u32, Root)>);

/// What the access log says of a request that was answered here.
const DETAILS: &str = "eks_token_refused";

static PLUGINS: Global<Plugins> = Global::new(Plugins(Vec::new()));

/// The plugins of this worker; `None` where a call of the proxy comes within another one.
pub(crate) fn with<T>(call: impl FnOnce(&mut Plugins) -> T) -> Option<T> {
    PLUGINS.borrow().map(|mut plugins| call(&mut plugins))
}

/// Answers a request here and now.
pub(crate) fn refuse(refusal: Refusal) -> Verdict {
    abi::respond(refusal.status(), DETAILS, &refusal.to_json());
    Verdict::Hold
}

impl Plugins {
    /// Whether the configuration is right. The log says why not.
    pub(crate) fn configure(&mut self, context: u32, size: usize) -> bool {
        let Some(root) = Root::configure(size) else { return false };
        self.0.retain(|(known, _)| *known != context);
        self.0.push((context, root));
        true
    }

    pub(crate) fn tick(&mut self, context: u32) {
        let Some(root) = self.root(context) else { return };
        let now = root.tick();
        self.0.retain_mut(|(known, root)| *known == context || !root.is_gone(now));
    }

    pub(crate) fn request(&mut self, context: u32) -> Verdict {
        let headers = abi::headers(Map::Request).unwrap_or_default();
        let asked = Asked::read(&headers);
        let verdict = asked.clean().and_then(|()| match self.0.as_mut_slice() {
            [] => Err(Refusal::Unavailable(Unavailable::NotYet)),
            [(_, root)] => {
                let cluster = asked.admit(root.config())?;
                root.request(context, cluster)
            }
            [older @ .., (_, newest)] => {
                let cluster = asked.admit(newest.config())?;
                let entry = newest.config().clusters.get(cluster);
                for (_, root) in older {
                    let config = root.config();
                    let other = config.clusters.get(asked.admit(config)?);
                    if !is_same(entry, other) {
                        return Err(Refusal::NoCluster);
                    }
                }
                newest.request(context, cluster)
            }
        });
        verdict.unwrap_or_else(|refusal| {
            if let Some((_, newest)) = self.0.last_mut() {
                newest.count_refused();
            }
            refuse(refusal)
        })
    }

    pub(crate) fn answered(&mut self, context: u32, call: u32, headers: usize, body: usize) {
        if let Some(root) = self.root(context) {
            root.answered(call, headers, body);
        }
    }

    fn root(&mut self, context: u32) -> Option<&mut Root> {
        self.0.iter_mut().find(|(known, _)| *known == context).map(|(_, root)| root)
    }
}

/// Whether two configurations mean the same cluster.
fn is_same(one: Option<&ClusterEntry>, other: Option<&ClusterEntry>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    one.name.as_str() == other.name.as_str() && one.region.as_str() == other.region.as_str()
}
