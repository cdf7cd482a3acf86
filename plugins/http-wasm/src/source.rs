//! Credentials, from a file that is read again when it changes, or from variables.

use alloc::format;
use alloc::string::ToString as _;

use eks_token_gateway::credentials::read_file;
use eks_token_gateway::{CredentialSource, Unavailable};
use eks_token_module::{File, Stamp, variable};
use eks_token_signer::Credentials;

use crate::abi::{self, Level};

/// The longest file that is read, in bytes: far more than the longest session token and many
/// profiles.
const MAX_SIZE: usize = 256 * 1024;

/// Where credentials come from, and what came last.
pub(crate) struct Source {
    from: CredentialSource,
    stamp: Option<Stamp>,
    /// Unix seconds.
    looked_at: Option<u64>,
    held: Result<Credentials, Unavailable>,
}

impl Source {
    pub(crate) const fn new(from: CredentialSource) -> Self {
        Self { from, stamp: None, looked_at: None, held: Err(Unavailable::NotYet) }
    }

    /// What there is.
    pub(crate) fn credentials(&self) -> Result<&Credentials, Unavailable> {
        self.held.as_ref().map_err(|reason| *reason)
    }

    /// Looks for new ones, once a second at most, and says whether there are any. Those that cannot
    /// be read leave the old ones in their place: a file may be half written.
    pub(crate) fn look(&mut self, now: u64) -> bool {
        if self.looked_at.replace(now) == Some(now) {
            return false;
        }
        match &self.from {
            CredentialSource::File { path, profile } => {
                let Some(file) = File::open(path) else {
                    return self.fail(Unavailable::Missing, "its file cannot be opened");
                };
                let stamp = file.stamp();
                if self.held.is_ok() && stamp == self.stamp {
                    return false;
                }
                let Some(text) = file.read(MAX_SIZE) else {
                    return self.fail(Unavailable::Unreadable, "its file cannot be read");
                };
                match read_file(&text, profile) {
                    Ok(credentials) => {
                        self.stamp = stamp;
                        self.hold(credentials)
                    }
                    Err(error) => self.fail(Unavailable::Unreadable, &error.to_string()),
                }
            }
            // They do not change while the guest lives.
            _ if self.held.is_ok() => false,
            from => match from.at_hand(variable) {
                Ok(credentials) => self.hold(credentials),
                Err(error) => self.fail(Unavailable::Missing, &error.to_string()),
            },
        }
    }

    fn hold(&mut self, credentials: Credentials) -> bool {
        abi::log(Level::Info, "eks-token: new AWS credentials");
        self.held = Ok(credentials);
        true
    }

    fn fail(&mut self, reason: Unavailable, text: &str) -> bool {
        abi::log(Level::Warn, &format!("eks-token: no new AWS credentials: {text}"));
        if self.held.is_err() {
            self.held = Err(reason);
        }
        false
    }
}
