//! Where the API server of a cluster is, and the way there.

use eks_token_host::aws::ClusterDescription;
use eks_token_host::kube::{ApiServer, CertificateAuthority, ProxySettings, ServerUrl};

use crate::arguments::Target;
use crate::failure::Failure;
use crate::files;
use crate::world::World;

/// A certificate is some kilobytes.
const MAX_AUTHORITY_SIZE: u64 = 1024 * 1024;

/// As the command line says; none where AWS has to be asked.
pub(crate) fn given(arguments: &Target, world: &World) -> Result<Option<ApiServer>, Failure> {
    let (Some(server), Some(path)) = (&arguments.server, &arguments.certificate_authority) else {
        return Ok(None);
    };
    let pem = files::read("the certificate authority", path, MAX_AUTHORITY_SIZE)?;
    let certificate_authority = CertificateAuthority::try_from(pem.as_slice())
        .map_err(|error| Failure::CertificateAuthority { path: path.clone(), error })?;
    Ok(Some(with(arguments, world, server.clone(), certificate_authority)))
}

/// As AWS says.
pub(crate) fn described(
    description: &ClusterDescription,
    arguments: &Target,
    world: &World,
) -> Result<ApiServer, Failure> {
    let url =
        ServerUrl::try_from(description.endpoint.as_str()).map_err(Failure::DescribedEndpoint)?;
    let pem = description.certificate_authority()?;
    let certificate_authority =
        CertificateAuthority::try_from(pem.as_slice()).map_err(Failure::DescribedAuthority)?;
    Ok(with(arguments, world, url, certificate_authority))
}

fn with(
    arguments: &Target,
    world: &World,
    url: ServerUrl,
    certificate_authority: CertificateAuthority,
) -> ApiServer {
    let proxy = match &arguments.proxy_url {
        // A proxy that is named goes before exemptions, too.
        Some(url) => ProxySettings { https_proxy: Some(url.clone()), no_proxy: None },
        None => world.proxy(),
    };
    let tls_server_name = arguments.tls_server_name.clone();
    ApiServer { url, certificate_authority, proxy, tls_server_name }
}
