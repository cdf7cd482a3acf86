//! The Security Token Service: where it is, and the one question that a token asks it.

mod endpoint;
mod get_caller_identity;
mod partition;
mod region;

pub use endpoint::{EndpointFeatures, StsEndpoint, StsHost};
pub use get_caller_identity::{PresignedUrl, TokenRequest, UrlExpiry};
pub use partition::Partition;
pub use region::Region;

pub(crate) use get_caller_identity::CLUSTER_HEADER;

/// The signing name of the service.
pub const SERVICE: &str = "sts";
/// The legacy host for all of partition `aws`, signed for [`GLOBAL_SIGNING_REGION`].
pub const GLOBAL_HOST: &str = "sts.amazonaws.com";
/// The region that requests to [`GLOBAL_HOST`] are signed for.
pub const GLOBAL_SIGNING_REGION: &str = "us-east-1";
