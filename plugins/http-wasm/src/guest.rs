//! One guest: its configuration, its credentials, its tokens. A host runs several, and gives each
//! request to one of them.

use alloc::format;
use alloc::vec::Vec;

use eks_token_gateway::config::Platform;
use eks_token_gateway::{Config, KeptToken, Refusal, Unavailable};
use eks_token_module::{Global, end, unix_seconds};

use crate::abi::{self, Level};
use crate::request;
use crate::source::Source;

struct Guest {
    config: Config,
    source: Source,
    /// By cluster.
    tokens: Vec<Option<KeptToken>>,
}

static GUEST: Global<Option<Guest>> = Global::new(None);

/// Reads the configuration. Where it has a mistake the log says which, and the guest ends: the host
/// then starts nothing.
pub(crate) fn start() {
    match Config::parse(&abi::config(), Platform::HttpWasm) {
        Ok(config) => {
            let tokens = config.clusters.iter().map(|_| None).collect();
            let source = Source::new(config.credentials.clone());
            if let Some(mut guest) = GUEST.borrow() {
                *guest = Some(Guest { config, source, tokens });
            }
        }
        Err(error) => {
            abi::log(Level::Error, &format!("eks-token: {error}"));
            end();
        }
    }
}

/// Whether the request goes on. It was answered, if not.
pub(crate) fn request() -> bool {
    let not_set_up = Refusal::Unavailable(Unavailable::NotYet);
    let verdict = GUEST.borrow().and_then(|mut guest| Some(guest.as_mut()?.request()));
    match verdict.unwrap_or(Err(not_set_up)) {
        Ok(()) => true,
        Err(refusal) => {
            abi::respond(refusal.status(), &refusal.to_json());
            false
        }
    }
}

impl Guest {
    fn request(&mut self) -> Result<(), Refusal> {
        let cluster = request::admit(&self.config)?;
        let token = self.token(cluster, unix_seconds())?;
        abi::set_request_header("Authorization", token.authorization());
        Ok(())
    }

    /// The token for a cluster, renewed where it is due: signing takes microseconds.
    fn token(&mut self, cluster: usize, now: u64) -> Result<&KeptToken, Unavailable> {
        if self.source.look(now) {
            for cluster in 0..self.tokens.len() {
                // What cannot be made now is made, or refused, when it is asked for.
                let _ = self.renew(cluster, now);
            }
        }
        let kept = self.tokens.get(cluster).and_then(Option::as_ref);
        if kept.is_none_or(|token| token.is_due_at(now))
            && let Err(reason) = self.renew(cluster, now)
        {
            let kept = self.tokens.get(cluster).and_then(Option::as_ref);
            // The last one goes on until its end.
            if !kept.is_some_and(|token| token.is_good_at(now)) {
                abi::log(Level::Warn, &format!("eks-token: there is no token: {reason}"));
                return Err(reason);
            }
        }
        self.tokens.get(cluster).and_then(Option::as_ref).ok_or(Unavailable::Signing)
    }

    fn renew(&mut self, cluster: usize, now: u64) -> Result<(), Unavailable> {
        let entry = self.config.clusters.get(cluster).ok_or(Unavailable::Signing)?;
        let token = KeptToken::make(entry, self.source.credentials()?, now)?;
        if let Some(kept) = self.tokens.get_mut(cluster) {
            *kept = Some(token);
        }
        Ok(())
    }
}
