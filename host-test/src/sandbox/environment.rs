//! What a program needs in its environment to use a sandbox in AWS's place.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::SandboxError;
use super::credentials::IssuedCredentials;
use crate::SigningTime;

/// Variables that would lead a program away from the sandbox: they must not be set. (The profile
/// goes before the credentials, another endpoint before the sandbox's.)
pub const CONFLICTING_VARIABLES: [&str; 10] = [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// Where the sandbox's AWS is.
pub(super) struct ServiceUrls<'a> {
    pub(super) eks: &'a str,
    pub(super) sts: &'a str,
}

/// The sandbox's files: gone when dropped.
#[derive(Debug)]
pub(super) struct Files {
    /// For its owner alone (0700).
    folder: TempDir,
    authority: PathBuf,
}

impl Files {
    /// Writes the authority's certificate where programs find it.
    pub(super) fn write(authority_pem: &str) -> Result<Self, SandboxError> {
        let folder = tempfile::Builder::new()
            .prefix("eks-token-sandbox-")
            .tempdir()
            .map_err(SandboxError::TemporaryFile)?;
        let authority = folder.path().join("ca.pem");
        fs::write(&authority, authority_pem).map_err(SandboxError::TemporaryFile)?;
        Ok(Self { folder, authority })
    }

    /// The variables, in the order in which a reader looks for them.
    pub(super) fn environment(
        &self,
        credentials: &IssuedCredentials,
        region: &str,
        urls: &ServiceUrls<'_>,
    ) -> Result<Vec<(String, String)>, SandboxError> {
        let expires_at = SigningTime::from_unix_seconds(credentials.expires_at)?.rfc3339();
        let authority = self.authority.display().to_string();
        // No profile may be found: there is no such file.
        let absent = self.folder.path().join("none").display().to_string();
        // A proxy leads nowhere near this machine's own ports.
        let local = "127.0.0.1,localhost".to_owned();
        let variables = [
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id.as_str().to_owned()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.expose().to_owned()),
            ("AWS_SESSION_TOKEN", credentials.session_token.expose().to_owned()),
            ("AWS_CREDENTIAL_EXPIRATION", expires_at.to_string()),
            ("AWS_REGION", region.to_owned()),
            ("AWS_DEFAULT_REGION", region.to_owned()),
            ("AWS_ENDPOINT_URL_EKS", urls.eks.to_owned()),
            ("AWS_ENDPOINT_URL_STS", urls.sts.to_owned()),
            ("AWS_CA_BUNDLE", authority),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_CONFIG_FILE", absent.clone()),
            ("AWS_SHARED_CREDENTIALS_FILE", absent),
            ("NO_PROXY", local.clone()),
            ("no_proxy", local),
        ];
        Ok(variables.map(|(name, value)| (name.to_owned(), value)).into())
    }
}
