//! Certificates for a proxy and its callers.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::process::Command;

/// A folder with `client-ca.pem`, which has signed everything: `server.pem`, and for two callers
/// `ci.pem` (`ci.example.com`) and `other.pem`; with `-key.pem` for each.
#[derive(Debug)]
pub struct TlsFiles(PathBuf);

impl TlsFiles {
    /// Writes them.
    ///
    /// # Panics
    /// Where that fails.
    #[must_use]
    pub fn write(folder: &Path) -> Self {
        let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
        let mut params = CertificateParams::new(vec![]).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority");
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
        write("client-ca.pem", authority.pem());
        let names =
            [("server", "127.0.0.1"), ("ci", "ci.example.com"), ("other", "other.example.com")];
        for (file, name) in names {
            let key = KeyPair::generate().expect("a key");
            let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
            let certificate = params.signed_by(&key, &authority).expect("a certificate");
            write(&format!("{file}.pem"), certificate.pem());
            write(&format!("{file}-key.pem"), key.serialize_pem());
        }
        Self(folder.to_owned())
    }

    /// The status that `curl` gets for the pods with a caller's certificate; 000 where TLS is
    /// refused.
    ///
    /// # Panics
    /// Where there is no `curl`.
    pub async fn status(&self, port: u16, caller: Option<&str>) -> String {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}"]);
        curl.arg("--cacert").arg(self.0.join("client-ca.pem"));
        if let Some(name) = caller {
            curl.arg("--cert").arg(self.0.join(format!("{name}.pem")));
            curl.arg("--key").arg(self.0.join(format!("{name}-key.pem")));
        }
        let url = format!("https://127.0.0.1:{port}/api/v1/pods?limit=1");
        let output = curl.arg(url).output().await.expect("curl");
        String::from_utf8(output.stdout).expect("text")
    }
}
