//! How tokens come about: whose turn it is asks for credentials where it needs any, signs for all
//! clusters, and puts the tokens where all workers find them.

use alloc::format;
use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use eks_token_gateway::credentials::{Fetch, HttpCall, Step};
use eks_token_gateway::{KeptToken, Unavailable, renew_credentials_at};
use eks_token_signer::Credentials;

use crate::abi::{self, Level};
use crate::root::Root;

/// How long a source may take for one answer, in milliseconds.
const TIMEOUT: u32 = 5_000;
/// Milliseconds until the next attempt where one has failed.
const PAUSE: u64 = 1_000;
/// Seconds until the next attempt where the credentials at hand are still good.
const RETRY_SOON: u64 = 10;

/// What this worker knows of credentials.
#[derive(Default)]
pub(crate) struct Renewal {
    held: Option<Held>,
    /// What was asked, and the number of the call.
    asked: Option<(u32, Fetch)>,
}

struct Held {
    credentials: Credentials,
    /// Unix seconds.
    renew_at: u64,
}

impl Renewal {
    /// Goes on, where it is this worker's turn. `now` is in milliseconds.
    pub(crate) fn step(&mut self, root: &mut Root, now: u64) {
        if self.asked.is_some() || !root.shared.take_turn(now) {
            return;
        }
        let is_usable = |held: &Held| now / 1_000 < held.renew_at;
        if self.held.as_ref().is_some_and(is_usable) {
            return self.sign(root, now);
        }
        match Fetch::begin(&root.config.credentials, eks_token_module::variable) {
            Some((fetch, call)) => self.ask(root, fetch, &call, now),
            None => match root.config.credentials.at_hand(eks_token_module::variable) {
                Ok(credentials) => self.hold(root, credentials, now),
                Err(error) => {
                    self.fail(root, Unavailable::Missing, &error.to_string(), now);
                }
            },
        }
    }

    /// An answer has come, or none has. Answers to what is no longer asked mean nothing.
    pub(crate) fn answered(
        &mut self,
        root: &mut Root,
        call: u32,
        answer: Option<(u16, &[u8])>,
        now: u64,
    ) {
        let Some((_, fetch)) = self.asked.take_if(|(asked, _)| *asked == call) else {
            return;
        };
        match fetch.answered(answer) {
            Ok(Step::Ask(fetch, call)) => self.ask(root, fetch, &call, now),
            Ok(Step::Done(credentials)) => self.hold(root, credentials, now),
            Err(error) => self.fail(root, error.into(), &error.to_string(), now),
        }
    }

    fn ask(&mut self, root: &mut Root, fetch: Fetch, call: &HttpCall, now: u64) {
        let mut headers =
            vec![(":method", call.method), (":path", &call.path), (":authority", &call.authority)];
        headers.extend(call.headers.iter().map(|(name, value)| (*name, value.as_str())));
        if let Some(number) = abi::http_call(&call.upstream, &headers, TIMEOUT) {
            root.shared.keep_turn(now);
            self.asked = Some((number, fetch));
        } else {
            let reason = "the proxy has no upstream of the name in credentials.upstream";
            self.fail(root, Unavailable::SourceSilent, reason, now);
        }
    }

    fn hold(&mut self, root: &mut Root, credentials: Credentials, now: u64) {
        let renew_at = renew_credentials_at(&credentials, now / 1_000);
        self.held = Some(Held { credentials, renew_at });
        self.sign(root, now);
    }

    /// Signs for all clusters, or for none.
    fn sign(&mut self, root: &mut Root, now: u64) {
        let Some(held) = &self.held else { return };
        let make = |cluster| KeptToken::make(cluster, &held.credentials, now / 1_000);
        let tokens: Vec<_> = match root.config.clusters.iter().map(make).collect() {
            Ok(tokens) => tokens,
            Err(reason) => return self.give_up(root, reason, now),
        };
        for (index, token) in tokens.iter().enumerate() {
            root.shared.set_token(index, token);
            root.counters.token_made();
        }
        root.tokens = tokens.into_iter().map(Some).collect();
        root.failure = None;
        root.shared.set_failure(None);
        root.shared.give_back(0);
    }

    /// No new credentials have come. Those that have not ended go on.
    fn fail(&mut self, root: &mut Root, failure: Unavailable, reason: &str, now: u64) {
        root.counters.failure();
        abi::log(Level::Warn, &format!("eks-token: no new AWS credentials: {reason}"));
        let is_alive = |end| now / 1_000 < end;
        match &mut self.held {
            Some(held) if held.credentials.expires_at.is_none_or(is_alive) => {
                held.renew_at = now / 1_000 + RETRY_SOON;
                self.sign(root, now);
            }
            _ => self.give_up(root, failure, now),
        }
    }

    fn give_up(&mut self, root: &mut Root, failure: Unavailable, now: u64) {
        if root.failure != Some(failure) {
            abi::log(Level::Error, &format!("eks-token: there is no token: {failure}"));
        }
        self.held = None;
        root.failure = Some(failure);
        root.shared.set_failure(Some(failure));
        root.shared.give_back(now + PAUSE);
    }
}
