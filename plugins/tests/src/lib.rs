//! What the tests of the plugins stand on: a cluster that notes what arrives, sources of credentials,
//! real programs that are started and ended, and a client. `make test-plugins` installs the programs.

mod client;
mod credentials_endpoint;
mod load;
mod program;
pub mod promises;
mod smuggled;
mod tls_files;
mod token;
mod upstream;

pub use client::{Answer, Client};
pub use credentials_endpoint::{CredentialsEndpoint, Offer, POD_IDENTITY_TOKEN};
pub use load::Load;
pub use program::{Program, example, free_port, plugins_folder, repository};
pub use smuggled::SMUGGLED;
pub use tls_files::TlsFiles;
pub use token::{made_anew, parameter};
pub use upstream::Upstream;
