//! Region and endpoint settings, from the environment before the profile.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>

use std::borrow::Cow;
use std::path::PathBuf;

use aws_config::profile::{ProfileFileLoadError, ProfileSet};
use aws_runtime::env_config::EnvConfigValue;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use super::endpoint_url::{EndpointUrls, endpoint_urls};
use super::profile_roles::ProfileRoles;
use super::{AwsError, Environment};
use crate::transport::describe;
use crate::{EndpointFeatures, Region, StsEndpoint};

/// What the user has set up for AWS.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region, where one is set.
    pub region: Option<Region>,
    /// FIPS and dual-stack.
    pub features: EndpointFeatures,
    /// Regional or legacy STS endpoints.
    pub sts_mode: StsEndpointMode,
    /// The profile in use.
    pub profile: String,
    /// Whether the AWS config files have that profile.
    pub has_profile: bool,
    /// Whether that profile was named on the command line: it then goes before credentials in the
    /// environment, as with the AWS CLI.
    pub profile_is_explicit: bool,
    /// Where `DescribeCluster` is sent instead of to AWS. Never part of a token.
    pub(super) eks_endpoint_url: Option<String>,
    /// Where roles are assumed and identities asked for instead of at AWS. Never part of a token.
    pub(super) sts_endpoint_url: Option<String>,
    /// The roles that the profile names.
    pub(super) profile_roles: Option<ProfileRoles>,
    /// A file with further trust roots for calls to AWS.
    pub(super) ca_bundle: Option<PathBuf>,
}

/// `AWS_STS_REGIONAL_ENDPOINTS`.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StsEndpointMode {
    /// The endpoint of the region.
    #[default]
    Regional,
    /// The global host for the regions that are older than the setting.
    Legacy,
}

impl Settings {
    /// Reads environment and profile. `profile` is the one named on the command line.
    ///
    /// # Errors
    /// [`AwsError::InvalidSetting`], [`AwsError::ProfileNotFound`], [`AwsError::ProfileFile`],
    /// [`AwsError::EndpointUrl`].
    pub async fn load(environment: &Environment, profile: Option<&str>) -> Result<Self, AwsError> {
        // The second is the old name, which the SDK does not know.
        let named = profile.or_else(|| environment.first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]));
        let env = environment.to_sdk();
        let profiles = load_profiles(&env, named).await?;
        let profile_name = named.unwrap_or("default");
        let profile_roles = ProfileRoles::read(&profiles, profile_name)?;
        let has_profile = profiles.get_profile(profile_name).is_some();
        let source = Source { env, profiles };
        let EndpointUrls { eks, sts } = endpoint_urls(&source)?;
        Ok(Self {
            region: source.region()?,
            features: EndpointFeatures {
                fips: source.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
                dual_stack: source.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
            },
            sts_mode: source.sts_mode()?,
            profile: profile_name.to_owned(),
            has_profile,
            profile_is_explicit: profile.is_some(),
            eks_endpoint_url: eks,
            sts_endpoint_url: sts,
            profile_roles,
            ca_bundle: source.text("AWS_CA_BUNDLE", "ca_bundle").map(PathBuf::from),
        })
    }

    /// The STS endpoint that a token for a cluster in `region` names: what the AWS CLI chooses for
    /// the same settings, but for `AWS_ENDPOINT_URL`, whose tokens no cluster takes.
    #[must_use]
    pub fn sts_endpoint(&self, region: &Region) -> StsEndpoint {
        let is_plain = !self.features.fips && !self.features.dual_stack;
        let is_legacy = self.sts_mode == StsEndpointMode::Legacy;
        if is_legacy && is_plain && LEGACY_REGIONS.contains(&region.as_str()) {
            return StsEndpoint::Global;
        }
        StsEndpoint::Regional(self.features)
    }
}

/// The regions whose legacy endpoint is the global host (botocore, `endpoint_rule_set` of STS).
const LEGACY_REGIONS: [&str; 15] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Reads both files. A profile that is named must be there; `default` need not.
async fn load_profiles(env: &Env, named: Option<&str>) -> Result<ProfileSet, AwsError> {
    let selected = named.map(|name| Cow::Owned(name.to_owned()));
    let profiles =
        aws_config::profile::load(&Fs::real(), env, &EnvConfigFiles::default(), selected)
            .await
            .map_err(|error: ProfileFileLoadError| AwsError::ProfileFile(describe(&error)))?;
    match named {
        Some(name) if profiles.get_profile(name).is_none() && name != "default" => {
            Err(AwsError::ProfileNotFound(name.to_owned()))
        }
        _ => Ok(profiles),
    }
}

/// Environment and profile.
pub(super) struct Source {
    pub(super) env: Env,
    pub(super) profiles: ProfileSet,
}

impl Source {
    /// A setting; none where it is empty.
    pub(super) fn text(&self, variable: &str, key: &str) -> Option<String> {
        let in_environment = self.env.get(variable).ok().filter(|value| !value.is_empty());
        in_environment
            .or_else(|| self.profiles.get(key).map(str::to_owned))
            .filter(|value| !value.is_empty())
    }

    /// A setting that a service may have of its own.
    pub(super) fn service_text(&self, service: &str, variable: &str, key: &str) -> Option<String> {
        let value = EnvConfigValue::new().env(variable).profile(key).service_id(service);
        value
            .load(&self.env, Some(&self.profiles))
            .map(|(value, _)| value.into_owned())
            .filter(|value| !value.is_empty())
    }

    /// A setting that is on or off, off where it is absent.
    pub(super) fn flag(&self, variable: &'static str, key: &str) -> Result<bool, AwsError> {
        match self.text(variable, key) {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(AwsError::InvalidSetting { name: variable, allowed: "true or false" }),
        }
    }

    fn region(&self) -> Result<Option<Region>, AwsError> {
        let text = self
            .text("AWS_REGION", "region")
            .filter(|_| self.env.get("AWS_REGION").is_ok_and(|value| !value.is_empty()))
            .or_else(|| self.text("AWS_DEFAULT_REGION", "region"));
        text.map(Region::try_from).transpose().map_err(|_| AwsError::InvalidSetting {
            name: "AWS_REGION",
            allowed: "a region such as eu-central-1",
        })
    }

    fn sts_mode(&self) -> Result<StsEndpointMode, AwsError> {
        match self.text("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints") {
            None => Ok(StsEndpointMode::default()),
            Some(mode) if mode.eq_ignore_ascii_case("regional") => Ok(StsEndpointMode::Regional),
            Some(mode) if mode.eq_ignore_ascii_case("legacy") => Ok(StsEndpointMode::Legacy),
            Some(_) => Err(AwsError::InvalidSetting {
                name: "AWS_STS_REGIONAL_ENDPOINTS",
                allowed: "regional or legacy",
            }),
        }
    }
}
