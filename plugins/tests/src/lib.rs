//! What the tests of the plugins stand on: a cluster that notes what arrives, sources of credentials,
//! real programs that are started and ended, and a client. `make test-plugins` installs the programs.

mod client;
mod credentials_endpoint;
mod program;
mod upstream;

pub use client::{Answer, Client};
pub use credentials_endpoint::{CredentialsEndpoint, Offer, POD_IDENTITY_TOKEN};
pub use program::{Program, free_port, plugins_folder, repository};
pub use upstream::{Upstream, parameter};
