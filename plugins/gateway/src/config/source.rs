//! `credentials`.

use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;

use eks_token_signer::Credentials;

use super::error::{ConfigError, Problem};
use super::field::{Field, Object};
use super::platform::Platform;
use crate::credentials::{self, CredentialsError};

pub(super) const EXPECTED: &str = "an object that says where they come \"from\"";
const SOURCES: &str = "container, instance-metadata, file, environment, static-in-configuration, \
                       signing-keys-in-configuration";

/// Where credentials come from.
#[derive(Debug, Clone)]
pub enum CredentialSource {
    /// The endpoint that EKS Pod Identity and ECS give a container.
    Container(ContainerEndpoint),
    /// Version 2 of the instance metadata service.
    InstanceMetadata(InstanceMetadata),
    /// A file that is read again when it changes.
    File {
        /// Where it is, as the plugin sees it.
        path: String,
        /// Which profile of a file in the format of shared credentials.
        profile: String,
    },
    /// The variables that the AWS command line reads, too.
    Environment,
    /// In the configuration itself, which proxies show to administrators: asked for by name.
    Configuration(Box<Credentials>),
}

/// The endpoint that EKS Pod Identity and ECS give a container.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerEndpoint {
    /// The proxy's own name for it: an Envoy cluster.
    pub upstream: String,
    /// What to say in `Host`.
    pub authority: String,
    /// The path; by default what `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` says, else that of Pod
    /// Identity.
    pub path: Option<String>,
}

/// Version 2 of the instance metadata service.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceMetadata {
    /// The proxy's own name for it: an Envoy cluster.
    pub upstream: String,
    /// What to say in `Host`.
    pub authority: String,
}

impl CredentialSource {
    /// Credentials that need no asking: from variables, or from the configuration.
    ///
    /// # Errors
    /// [`CredentialsError`]; [`CredentialsError::NotAtHand`] where somebody has to be asked or a
    /// file read.
    pub fn at_hand(
        &self,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Environment => credentials::from_variables(variable),
            Self::Configuration(credentials) => Ok((**credentials).clone()),
            Self::Container(_) | Self::InstanceMetadata(_) | Self::File { .. } => {
                Err(CredentialsError::NotAtHand)
            }
        }
    }
}

pub(super) fn read(field: Field<'_>, platform: Platform) -> Result<CredentialSource, ConfigError> {
    let place = field.at.clone();
    let object = field.object(
        "from, upstream, authority, path, profile, access_key_id, secret_access_key, \
         session_token, signing_keys",
    )?;
    let from = object.required("from", "one of: container, instance-metadata, file, environment, static-in-configuration, signing-keys-in-configuration")?;
    let not_here = |what| Err(from.error(Problem::NotHere(what)));
    match from.text()? {
        "container" | "instance-metadata" if !platform.asks_http() => {
            not_here("a plugin of this kind cannot ask others; take file or environment")
        }
        "container" => container(&object).map(CredentialSource::Container),
        "instance-metadata" => instance_metadata(&object).map(CredentialSource::InstanceMetadata),
        "file" if !platform.reads_files() => not_here("a plugin of this kind cannot read files"),
        "file" => file(&object),
        "environment" => only(&object, "from").map(|()| CredentialSource::Environment),
        "static-in-configuration" => {
            only(&object, "from, access_key_id, secret_access_key, session_token")?;
            configured(&object).map(CredentialSource::Configuration)
        }
        "signing-keys-in-configuration" => {
            only(&object, "from, signing_keys")?;
            signing_keys(&object, place).map(CredentialSource::Configuration)
        }
        _ => Err(from.error(Problem::Choice(SOURCES))),
    }
}

/// Refuses fields that belong to another source: whoever wrote them meant something.
fn only(object: &Object<'_>, known: &'static str) -> Result<(), ConfigError> {
    match object.names().find(|name| !known.split(", ").any(|known| known == *name)) {
        None => Ok(()),
        Some(name) => Err(object.error(name, Problem::Unknown(known))),
    }
}

fn container(object: &Object<'_>) -> Result<ContainerEndpoint, ConfigError> {
    only(object, "from, upstream, authority, path")?;
    Ok(ContainerEndpoint {
        upstream: upstream(object)?,
        authority: text_or(object, "authority", "169.254.170.23")?,
        path: object.optional("path").map(|field| path(&field)).transpose()?,
    })
}

fn instance_metadata(object: &Object<'_>) -> Result<InstanceMetadata, ConfigError> {
    only(object, "from, upstream, authority")?;
    Ok(InstanceMetadata {
        upstream: upstream(object)?,
        authority: text_or(object, "authority", "169.254.169.254")?,
    })
}

fn file(object: &Object<'_>) -> Result<CredentialSource, ConfigError> {
    only(object, "from, path, profile")?;
    let field = object.required("path", "where the file is, as the plugin sees it")?;
    Ok(CredentialSource::File {
        path: path(&field)?,
        profile: text_or(object, "profile", "default")?,
    })
}

fn configured(object: &Object<'_>) -> Result<Box<Credentials>, ConfigError> {
    let required = |name, what| object.required(name, what);
    Ok(Box::new(Credentials {
        access_key_id: required("access_key_id", "an access key id")?.checked()?,
        material: eks_token_signer::SigningMaterial::SecretAccessKey(
            required("secret_access_key", "a secret access key")?.checked()?,
        ),
        session_token: object.optional("session_token").map(|field| field.checked()).transpose()?,
        expires_at: None,
    }))
}

fn signing_keys(object: &Object<'_>, place: String) -> Result<Box<Credentials>, ConfigError> {
    let field = object.required("signing_keys", "what eks-token derive-key writes")?;
    credentials::KeyFile::from_value(field.value)
        .map(|file| Box::new(file.into_credentials()))
        .map_err(|error| ConfigError {
            at: place + ".signing_keys",
            problem: Problem::Credentials(error),
        })
}

fn upstream(object: &Object<'_>) -> Result<String, ConfigError> {
    let field = object.required("upstream", "the name of the proxy's upstream for it")?;
    field.text().map(str::to_owned)
}

fn path(field: &Field<'_>) -> Result<String, ConfigError> {
    let text = field.text()?;
    if text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err(field.error(Problem::Type("a path that begins with /")))
    }
}

fn text_or(object: &Object<'_>, name: &str, default: &str) -> Result<String, ConfigError> {
    object.optional(name).map_or(Ok(default), |field| field.text()).map(str::to_owned)
}
