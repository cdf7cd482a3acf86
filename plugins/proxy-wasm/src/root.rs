//! One plugin: its configuration, the tokens that it knows, and the requests that wait for one.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use eks_token_gateway::config::{Platform, Problem};
use eks_token_gateway::{Config, KeptToken, Refusal, Unavailable};

use crate::abi::{self, Buffer, Level, Map};
use crate::counters::Counters;
use crate::plugin::{self, Verdict};
use crate::renewal::Renewal;
use crate::shared::Shared;

/// Milliseconds between two ticks where all is well.
const CALM: u32 = 1_000;
/// The same where a token is missing.
const BUSY: u32 = 20;
/// The same where it cannot be had.
const PATIENT: u32 = 250;
/// After how long without a tick a plugin is missed, and then given up, in milliseconds.
const GONE_AFTER: u64 = 5_000;
/// How long a request waits for the first token, in milliseconds.
const PATIENCE: u64 = 10_000;
/// How many requests wait at most in one worker; further ones are refused.
const MOST_WAITING: usize = 1_000;

/// A plugin that is configured.
pub(crate) struct Root {
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    pub(crate) shared: Shared,
    /// By cluster.
    pub(crate) tokens: Vec<Option<KeptToken>>,
    pub(crate) failure: Option<Unavailable>,
    /// Milliseconds since 1970, at the last tick. Asking for the time costs as much as all else that
    /// a request needs, and a second makes no difference.
    now: u64,
    /// When another plugin has first missed the ticks of this one.
    missed_at: Option<u64>,
    waiting: Vec<Waiting>,
    renewal: Renewal,
}

/// A request that is held.
struct Waiting {
    context: u32,
    cluster: usize,
    /// Milliseconds since 1970.
    until: u64,
}

impl Root {
    /// `None` where the configuration has a mistake. The log says which.
    pub(crate) fn configure(size: usize) -> Option<Self> {
        match Self::start(&abi::buffer(Buffer::Configuration, size).unwrap_or_default()) {
            Ok(root) => {
                abi::log(Level::Info, "eks-token: configured");
                // Not yet: a module that only tries the configuration ends here.
                abi::set_tick_period(BUSY);
                Some(root)
            }
            Err(reason) => {
                abi::log(Level::Error, &format!("eks-token: {reason}"));
                None
            }
        }
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// Whether the proxy has given this plugin up: there was no tick for long, and none came either
    /// since another plugin had first missed it. A machine that was asleep ticks again for all.
    pub(crate) fn is_gone(&mut self, now: u64) -> bool {
        if now < self.now + GONE_AFTER {
            return false;
        }
        now >= *self.missed_at.get_or_insert(now) + GONE_AFTER
    }

    /// A request of this plugin was refused.
    pub(crate) fn count_refused(&mut self) {
        self.counters.refused();
    }

    fn start(text: &[u8]) -> Result<Self, String> {
        let config = Config::parse(text, Platform::ProxyWasm).map_err(|error| {
            let hint = match error.problem {
                Problem::NotJson { .. } => "; in Envoy it is a google.protobuf.StringValue",
                _ => "",
            };
            format!("{error}{hint}")
        })?;
        if abi::property("plugin_vm_id").unwrap_or_default().is_empty() {
            return Err(
                "vm_config.vm_id is missing; give this plugin one of its own, because the \
                        tokens are in data that all plugins of one vm_id share"
                    .to_owned(),
            );
        }
        let tokens = config.clusters.iter().map(|_| None).collect();
        let shared = Shared::new(Config::fingerprint(text));
        let counters = Counters::define();
        let (waiting, renewal) = (Vec::new(), Renewal::default());
        let now = abi::now() / 1_000_000;
        Ok(Self {
            config,
            counters,
            shared,
            tokens,
            failure: None,
            now,
            missed_at: None,
            waiting,
            renewal,
        })
    }

    /// Answers with the time, in milliseconds.
    pub(crate) fn tick(&mut self) -> u64 {
        let now = abi::now() / 1_000_000;
        self.now = now;
        self.missed_at = None;
        self.counters.flush();
        self.learn(now / 1_000);
        if self.is_due(now / 1_000) {
            self.renew(now);
        }
        self.serve_waiting(now);
        abi::set_tick_period(match (self.is_due(now / 1_000), self.failure) {
            (false, _) => CALM,
            (true, Some(_)) => PATIENT,
            (true, None) => BUSY,
        });
        now
    }

    /// Takes over what another worker has made.
    fn learn(&mut self, now: u64) {
        for (cluster, known) in self.tokens.iter_mut().enumerate() {
            if is_due(known.as_ref(), now)
                && let Some(token) = self.shared.token(cluster)
            {
                *known = Some(token);
            }
        }
        self.failure = self.shared.failure();
    }

    fn is_due(&self, now: u64) -> bool {
        self.tokens.iter().any(|token| is_due(token.as_ref(), now))
    }

    fn renew(&mut self, now: u64) {
        let mut renewal = core::mem::take(&mut self.renewal);
        renewal.step(self, now);
        self.renewal = renewal;
    }

    /// Somebody who was asked has answered, or not.
    pub(crate) fn answered(&mut self, call: u32, headers: usize, body: usize) {
        let now = abi::now() / 1_000_000;
        self.now = now;
        let body = abi::buffer(Buffer::CallResponse, body).unwrap_or_default();
        let status = abi::header(Map::CallResponse, ":status")
            .and_then(|status| core::str::from_utf8(&status).ok()?.parse().ok());
        let answer = status.filter(|_| headers > 0).map(|status| (status, body.as_slice()));
        let mut renewal = core::mem::take(&mut self.renewal);
        renewal.answered(self, call, answer, now);
        self.renewal = renewal;
        self.serve_waiting(now);
    }

    /// Gives a token to a request that may pass.
    pub(crate) fn request(&mut self, context: u32, cluster: usize) -> Result<Verdict, Refusal> {
        if self.authorise(cluster) {
            return Ok(Verdict::Pass);
        }
        match self.failure {
            Some(failure) => Err(Refusal::Unavailable(failure)),
            None if self.waiting.len() < MOST_WAITING => {
                self.waiting.push(Waiting { context, cluster, until: self.now + PATIENCE });
                abi::set_tick_period(BUSY);
                Ok(Verdict::Hold)
            }
            None => Err(Refusal::Unavailable(Unavailable::NotYet)),
        }
    }

    /// Whether the request now carries a token.
    fn authorise(&mut self, cluster: usize) -> bool {
        let token = self.tokens.get(cluster).and_then(Option::as_ref);
        let Some(token) = token.filter(|token| token.is_good_at(self.now / 1_000)) else {
            return false;
        };
        let is_set = abi::set_request_header("authorization", token.authorization());
        if is_set {
            self.counters.cache_hit();
        }
        is_set
    }

    fn serve_waiting(&mut self, now: u64) {
        for waiting in core::mem::take(&mut self.waiting) {
            let is_over = self.failure.is_some() || now >= waiting.until;
            if !abi::set_effective_context(waiting.context) {
                continue;
            }
            if self.authorise(waiting.cluster) {
                abi::continue_request();
            } else if is_over {
                let failure = self.failure.unwrap_or(Unavailable::NotYet);
                self.counters.refused();
                plugin::refuse(Refusal::Unavailable(failure));
            } else {
                self.waiting.push(waiting);
            }
        }
    }
}

/// Whether a token is missing or near its end.
fn is_due(token: Option<&KeptToken>, now: u64) -> bool {
    token.is_none_or(|token| token.is_due_at(now))
}
