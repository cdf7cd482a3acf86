//! `eks-token pods`

mod objects;
mod progress;
mod table;

use eks_token_host::aws::describe_cluster;
use eks_token_host::kube::{ApiServer, PodForm, PodList, PodQuery, list_pods};
use eks_token_host::{Cluster, Signer};

use crate::arguments::{PodOutput, Pods};
use crate::caller::Caller;
use crate::failure::Failure;
use crate::locate;
use crate::output::Output;
use crate::request::token_request;
use crate::world::World;

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
    if let Some(server) = locate::given(&arguments.target, world)? {
        return Ok((server, name.clone()));
    }
    let session = caller.session(world);
    let description = describe_cluster(&session, &caller.credentials, name).await?;
    let server = locate::described(&description, &arguments.target, world)?;
    Ok((server, description.token_name))
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
