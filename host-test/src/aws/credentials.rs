//! AWS's default chain, and a short way through it.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>

use std::error::Error;
use std::io;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::client::error::ImdsError;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_types::date_time::{DateTime, Format};

use super::{AwsError, Environment, Searched, Session, Settings, TransportFault, convert, http};
use crate::transport::{chain, describe};
use crate::{Credentials, SigningMaterial};

/// Finds credentials where AWS's tools look for them: environment, profile (keys, SSO, roles with
/// source profiles, external processes), web identity, container and Pod Identity, instance
/// metadata. A profile named on the command line goes before the environment.
///
/// A role in a profile is assumed in the session's region. Must be called within a tokio runtime.
///
/// # Errors
/// [`AwsError`], one variant a cause.
pub(super) async fn find_credentials(session: &Session<'_>) -> Result<Credentials, AwsError> {
    let Session { environment, settings, .. } = session;
    if !settings.profile_is_explicit
        && let Some(credentials) = from_environment(environment)?
    {
        return Ok(credentials);
    }
    let found = provider(session).await?.provide_credentials().await;
    let found = found.map_err(|error| explain(&error, environment, settings))?;
    Ok(convert::credentials(&found)?)
}

/// The credentials of one profile, whatever else there is.
pub(super) async fn of_profile(
    session: &Session<'_>,
    profile: &str,
) -> Result<Credentials, AwsError> {
    let settings = Settings {
        profile: profile.to_owned(),
        profile_is_explicit: true,
        ..session.settings.clone()
    };
    find_credentials(&Session { settings: &settings, ..*session }).await
}

/// The first link of the chain, by itself: static keys need neither the SDK nor any file.
fn from_environment(environment: &Environment) -> Result<Option<Credentials>, AwsError> {
    const ID: &str = "AWS_ACCESS_KEY_ID";
    const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
    let (id, secret) = match (environment.get(ID), environment.get(SECRET)) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Ok(None),
        (Some(_), None) => {
            return Err(AwsError::PartialCredentials { present: ID, missing: SECRET });
        }
        (None, Some(_)) => {
            return Err(AwsError::PartialCredentials { present: SECRET, missing: ID });
        }
    };
    let session_token = environment.first(&["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]);
    Ok(Some(Credentials {
        access_key_id: id.to_owned().try_into()?,
        material: SigningMaterial::SecretAccessKey(secret.to_owned().try_into()?),
        session_token: session_token.map(|token| token.to_owned().try_into()).transpose()?,
        expires_at: expiration(environment)?,
    }))
}

/// `AWS_CREDENTIAL_EXPIRATION`, which `aws configure export-credentials` writes.
fn expiration(environment: &Environment) -> Result<Option<u64>, AwsError> {
    const NAME: &str = "AWS_CREDENTIAL_EXPIRATION";
    let Some(text) = environment.get(NAME) else { return Ok(None) };
    let time = DateTime::from_str(text, Format::DateTimeWithOffset).map_err(|_| {
        AwsError::InvalidSetting { name: NAME, allowed: "a time such as 2030-01-31T12:00:00Z" }
    })?;
    Ok(Some(u64::try_from(time.secs()).unwrap_or(0)))
}

async fn provider(session: &Session<'_>) -> Result<Box<dyn ProvideCredentials>, AwsError> {
    let Session { environment, settings, region } = session;
    let region = aws_types::region::Region::new(region.as_str().to_owned());
    let config = ProviderConfig::default()
        .with_region(Some(region.clone()))
        .with_use_fips(Some(settings.features.fips))
        .with_use_dual_stack(Some(settings.features.dual_stack))
        .with_http_client(http::client(environment, settings)?);
    if !settings.profile_is_explicit {
        let chain = DefaultCredentialsChain::builder()
            .profile_name(&settings.profile)
            .region(region)
            .configure(config);
        return Ok(Box::new(chain.build().await));
    }
    let profile = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_name(&settings.profile)
        .build();
    let container = EcsCredentialsProvider::builder().configure(&config).build();
    let instance = ImdsCredentialsProvider::builder().configure(&config).build();
    Ok(Box::new(
        CredentialsProviderChain::first_try("Profile", profile)
            .or_else("EcsContainer", container)
            .or_else("Ec2InstanceMetadata", instance),
    ))
}

fn explain(error: &CredentialsError, environment: &Environment, settings: &Settings) -> AwsError {
    // The metadata service is the last to be asked: where it cannot be, there was nothing before.
    let is_without_metadata = chain(error).any(<dyn Error>::is::<ImdsError>);
    if is_without_metadata || matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        let disabled = environment.get("AWS_EC2_METADATA_DISABLED");
        return AwsError::NoCredentials(Searched {
            environment: !settings.profile_is_explicit,
            profile: settings.profile.clone(),
            instance_metadata: !disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        });
    }
    // Where the network is to blame, its fault says more than what the layers above make of it.
    let fault = chain(error)
        .any(<dyn Error>::is::<io::Error>)
        .then(|| TransportFault::of(error))
        .filter(|fault| !matches!(fault, TransportFault::Other(_)));
    let mut reason = describe(error);
    if let Some(fault) = fault {
        reason = format!("{reason}; {fault}");
    }
    AwsError::CredentialsSource(reason)
}
