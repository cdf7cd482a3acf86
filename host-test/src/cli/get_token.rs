//! `eks-token get-token`

use eks_token_host::aws::Settings;
use eks_token_host::{Cluster, Credentials, Region, Signer, StsEndpoint};
use tracing::info;

use crate::arguments::GetToken;
use crate::caller::{self, Caller};
use crate::failure::Failure;
use crate::key_file;
use crate::output::Output;
use crate::request::token_request;
use crate::world::World;

/// Makes a token and wraps it for whoever asked.
pub(crate) async fn run(
    arguments: &GetToken,
    world: &World,
    signer: &Signer,
) -> Result<Output, Failure> {
    let material = Material::find(arguments, world).await?;
    let signed_at = match arguments.signed_at {
        Some(signed_at) => signed_at,
        None => world.signing_time()?,
    };
    let request = token_request(cluster(arguments)?, material.region, material.endpoint, signed_at);
    let token = signer.create_token(&material.credentials, &request)?;
    info!(signed_at = signed_at.unix_seconds(), expires_at = token.expires_at, "signed a token");
    let warnings = material.warnings.into_iter().fold(Output::default(), Output::warn);
    let output = warnings.findings(&token.findings);
    if arguments.token_only {
        return Ok(output.answer(token.value + "\n"));
    }
    // Empty counts as absent, as for the AWS CLI.
    let exec_info = world.environment.get("KUBERNETES_EXEC_INFO");
    let credential = signer.exec_credential(&token, exec_info)?;
    Ok(output.findings(&credential.findings).answer(credential.json + "\n"))
}

/// What signs, and for where.
struct Material {
    credentials: Credentials,
    region: Region,
    endpoint: StsEndpoint,
    warnings: Option<String>,
}

impl Material {
    async fn find(arguments: &GetToken, world: &World) -> Result<Self, Failure> {
        let by_arn = arguments.cluster_name.as_ref().and_then(|name| name.region.as_ref());
        let Some(path) = &arguments.signing_key else {
            let caller = Caller::find(world, &arguments.aws, by_arn).await?;
            let endpoint = caller.settings.sts_endpoint(&caller.region);
            let Caller { credentials, region, .. } = caller;
            return Ok(Self { credentials, region, endpoint, warnings: None });
        };
        let settings = Settings::load(&world.environment, None).await?;
        let file = key_file::read(path)?;
        let region = caller::region(arguments.aws.region.as_ref(), by_arn, Some(&file.region))?;
        Ok(Self {
            // The keys are good for one region: the legacy global host would need others.
            endpoint: StsEndpoint::Regional(settings.features),
            warnings: key_file::warning(path),
            credentials: file.into_credentials(),
            region,
        })
    }
}

fn cluster(arguments: &GetToken) -> Result<Cluster, Failure> {
    let by_name = arguments.cluster_name.as_ref().map(|name| &name.name);
    // The command line asks for one of them.
    by_name
        .or(arguments.cluster_id.as_ref())
        .cloned()
        .ok_or_else(|| Failure::Usage("--cluster-name is missing".to_owned()))
}
