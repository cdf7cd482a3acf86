//! What the workers share: tokens, why there is none, and whose turn it is to make them.
//!
//! A proxy shares such data among all modules of one `vm_id`: only tokens are in it, which die within
//! minutes, and never credentials. The keys begin with a fingerprint of the configuration, so that
//! plugins that are configured otherwise do not meet.

use alloc::format;
use alloc::string::{String, ToString as _};

use eks_token_gateway::{KeptToken, Unavailable};

use crate::abi;

/// How long the one whose turn it is may take for one step, in milliseconds: longer than a request
/// may.
const TURN: u64 = 8_000;

/// The data of one configuration.
pub(crate) struct Shared {
    fingerprint: String,
}

impl Shared {
    pub(crate) fn new(fingerprint: String) -> Self {
        Self { fingerprint }
    }

    pub(crate) fn token(&self, cluster: usize) -> Option<KeptToken> {
        abi::shared(&self.token_key(cluster)).0.and_then(|bytes| KeptToken::from_bytes(&bytes))
    }

    pub(crate) fn set_token(&self, cluster: usize, token: &KeptToken) {
        // Whoever writes has the turn: nobody else does.
        let _ = abi::set_shared(&self.token_key(cluster), &token.to_bytes(), 0);
    }

    /// Why there is no token, as the last one saw it whose turn it was.
    pub(crate) fn failure(&self) -> Option<Unavailable> {
        abi::shared(&self.key("failure")).0.and_then(|bytes| Unavailable::from_bytes(&bytes))
    }

    pub(crate) fn set_failure(&self, failure: Option<Unavailable>) {
        let bytes = failure.map(Unavailable::to_bytes);
        let bytes = bytes.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        let _ = abi::set_shared(&self.key("failure"), bytes, 0);
    }

    /// Whether it is this worker's turn now. It is nobody else's until it is given back, or the
    /// worker has died.
    pub(crate) fn take_turn(&self, now: u64) -> bool {
        let key = self.key("turn");
        let (taken_until, version) = abi::shared(&key);
        let taken_until = taken_until.and_then(|bytes| Some(*bytes.first_chunk()?));
        let is_free = taken_until.is_none_or(|until| u64::from_be_bytes(until) <= now);
        is_free && abi::set_shared(&key, &(now + TURN).to_be_bytes(), version).is_ok()
    }

    /// Keeps the turn for another step.
    pub(crate) fn keep_turn(&self, now: u64) {
        self.give_back(now + TURN);
    }

    /// Gives the turn back; nobody gets it before `until`, in milliseconds.
    pub(crate) fn give_back(&self, until: u64) {
        let _ = abi::set_shared(&self.key("turn"), &until.to_be_bytes(), 0);
    }

    fn token_key(&self, cluster: usize) -> String {
        self.key("token/") + &cluster.to_string()
    }

    fn key(&self, name: &str) -> String {
        format!("eks-token/{}/{name}", self.fingerprint)
    }
}
