//! What every call to AWS is made with.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::timeout::TimeoutConfig;

use super::{AwsError, Environment, Settings, convert, http};
use crate::{Credentials, Region};

/// The longest that one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// Environment, settings and region of a call: all but the credentials.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The environment variables.
    pub environment: &'a Environment,
    /// What the user has set up.
    pub settings: &'a Settings,
    /// The region of the cluster, where STS is asked, too.
    pub region: &'a Region,
}

impl Session<'_> {
    /// For the SDK's client of one service, which may be elsewhere than at AWS.
    pub(super) fn to_sdk(
        self,
        credentials: &Credentials,
        endpoint_url: Option<&String>,
    ) -> Result<SdkConfig, AwsError> {
        let Self { environment, settings, region } = self;
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build();
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_types::region::Region::new(region.as_str().to_owned()))
            .use_fips(settings.features.fips)
            .use_dual_stack(settings.features.dual_stack)
            .http_client(http::client(environment, settings)?)
            .timeout_config(timeouts);
        config.set_endpoint_url(endpoint_url.cloned());
        let provider = convert::to_sdk(credentials).map(SharedCredentialsProvider::new);
        config.set_credentials_provider(provider);
        Ok(config.build())
    }
}
