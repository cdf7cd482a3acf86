//! What a token is asked for.

use eks_token_host::{
    Cluster, Lifetime, Region, SigningTime, StsEndpoint, TokenRequest, UrlExpiry,
};

/// With what every client of EKS says, but for these.
pub(crate) fn token_request(
    cluster: Cluster,
    region: Region,
    endpoint: StsEndpoint,
    signed_at: SigningTime,
) -> TokenRequest {
    TokenRequest {
        cluster,
        region,
        endpoint,
        signed_at,
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    }
}
