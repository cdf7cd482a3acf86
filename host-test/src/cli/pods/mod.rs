//! `eks-token pods`

mod objects;
mod progress;
mod table;

use eks_token_host::aws::describe_cluster;
use eks_token_host::kube::{
    ApiServer, CertificateAuthority, PodForm, PodList, PodQuery, ServerUrl, list_pods,
};
use eks_token_host::{Cluster, Signer};

use crate::arguments::{PodOutput, Pods};
use crate::caller::Caller;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use crate::request::token_request;
use crate::world::World;

/// A certificate is some kilobytes.
const MAX_AUTHORITY_SIZE: u64 = 1024 * 1024;

/// Lists pods; Ctrl-C ends it at any point.
pub(crate) async fn run(
    arguments: &Pods,
    world: &World,
    signer: &Signer,
) -> Result<Output, Failure> {
    tokio::select! {
        output = list(arguments, world, signer) => output,
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
    }
}

async fn list(arguments: &Pods, world: &World, signer: &Signer) -> Result<Output, Failure> {
    let caller =
        Caller::find(world, &arguments.aws, arguments.cluster_name.region.as_ref()).await?;
    let (server, token_name) = locate(arguments, world, &caller).await?;
    let endpoint = caller.settings.sts_endpoint(&caller.region);
    let request = token_request(token_name, caller.region, endpoint, world.signing_time()?);
    let token = signer.create_token(&caller.credentials, &request)?;
    let client = server.client(&token)?;
    let query = query(arguments);
    let mut progress = progress::Progress::default();
    let form = form(arguments.output);
    let pods = list_pods(&client, &query, form, |so_far| progress.show(so_far)).await;
    drop(progress);
    let pods = pods?;
    let output = Output::default().findings(&token.findings);
    Ok(output.note(count(&pods, &query, form)).answer(print(&pods, arguments)?))
}

/// Where the cluster is, and the name that its tokens are signed for.
async fn locate(
    arguments: &Pods,
    world: &World,
    caller: &Caller,
) -> Result<(ApiServer, Cluster), Failure> {
    let name = &arguments.cluster_name.name;
    let proxy = world.proxy();
    if let (Some(server), Some(path)) = (&arguments.server, &arguments.certificate_authority) {
        let pem = files::read("the certificate authority", path, MAX_AUTHORITY_SIZE)?;
        let certificate_authority = CertificateAuthority::try_from(pem.as_slice())
            .map_err(|error| Failure::CertificateAuthority { path: path.clone(), error })?;
        let url = server.clone();
        return Ok((ApiServer { url, certificate_authority, proxy }, name.clone()));
    }
    let Caller { settings, region, credentials } = caller;
    let described =
        describe_cluster(&world.environment, settings, credentials, region, name).await?;
    let url =
        ServerUrl::try_from(described.endpoint.as_str()).map_err(Failure::DescribedEndpoint)?;
    let certificate_authority =
        CertificateAuthority::try_from(described.certificate_authority.as_slice())
            .map_err(Failure::DescribedAuthority)?;
    Ok((ApiServer { url, certificate_authority, proxy }, described.token_name))
}

fn query(arguments: &Pods) -> PodQuery {
    let namespace = arguments.namespace.clone().unwrap_or_default();
    PodQuery {
        namespace: (!arguments.all_namespaces).then_some(namespace),
        label_selector: arguments.selector.clone(),
    }
}

fn form(output: PodOutput) -> PodForm {
    match output {
        PodOutput::Table | PodOutput::Wide => PodForm::Table,
        PodOutput::Json | PodOutput::Yaml | PodOutput::Name => PodForm::Objects,
    }
}

/// In kubectl's words where there are none.
fn count(pods: &PodList, query: &PodQuery, form: PodForm) -> String {
    match (pods.len(), form, &query.namespace) {
        (0, PodForm::Table, Some(namespace)) => {
            format!("No resources found in {namespace} namespace.")
        }
        (0, PodForm::Table, None) => "No resources found".to_owned(),
        (1, ..) => "1 pod".to_owned(),
        (count, ..) => format!("{count} pods"),
    }
}

fn print(pods: &PodList, arguments: &Pods) -> Result<String, Failure> {
    let show = table::Show {
        wide: arguments.output == PodOutput::Wide,
        namespaces: arguments.all_namespaces,
    };
    match (pods, arguments.output) {
        (PodList::Table(table), _) => table::write(table, show),
        (PodList::Objects(pods), PodOutput::Json) => objects::json(pods),
        (PodList::Objects(pods), PodOutput::Yaml) => objects::yaml(pods),
        (PodList::Objects(pods), PodOutput::Name) => Ok(objects::names(pods)),
        (PodList::Objects(pods), PodOutput::Table | PodOutput::Wide) => {
            table::write(&objects::table(pods), show)
        }
    }
}
