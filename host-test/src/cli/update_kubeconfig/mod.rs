//! `eks-token update-kubeconfig`

mod arguments;
mod document;
mod entries;
mod file;
mod kubeconfig;

use std::fmt::Write as _;
use std::path::Path;

use eks_token_host::aws::{
    AssumeRole, ClusterDescription, Environment, SessionName, Settings, describe_cluster,
};

use crate::caller::{self, Caller};
use crate::failure::Failure;
use crate::output::Output;
use crate::world::World;
use document::Document;
use file::LockedFile;
use kubeconfig::Entries;

pub(crate) use arguments::UpdateKubeconfig;
pub(crate) use file::KubeconfigError;

const PROGRAM: &str = "eks-token";

/// Asks AWS for the cluster and writes it into a kubeconfig; Ctrl-C ends it at any point, and
/// leaves the file as it was.
pub(crate) async fn run(arguments: &UpdateKubeconfig, world: &World) -> Result<Output, Failure> {
    tokio::select! {
        output = update(arguments, world) => output,
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
    }
}

async fn update(arguments: &UpdateKubeconfig, world: &World) -> Result<Output, Failure> {
    let description = describe(arguments, world).await?;
    let environment = &world.environment;
    let profile = arguments.profile.as_deref();
    let profile = profile.or_else(|| environment.first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]));
    let entries = entries::entries(arguments, &description, &program(environment), profile);
    let candidates = file::candidates(arguments.kubeconfig.as_deref(), environment);
    // There is always one.
    let Some(path) = file::choose(&candidates, &description.arn) else {
        return Err(Failure::Usage("KUBECONFIG names no file".to_owned()));
    };
    if arguments.dry_run {
        let mut config = file::read(&path)?;
        config.insert(&entries);
        return Ok(Output::new(config.write().map_err(format)?));
    }
    let locked = LockedFile::lock(&path).await?;
    let mut config = file::read(&path)?;
    let was_there = config.has_cluster(&description.arn);
    config.insert(&entries);
    locked.replace(&config.write().map_err(format)?)?;
    Ok(Output::new(report(arguments, &entries, was_there, &path)?))
}

async fn describe(
    arguments: &UpdateKubeconfig,
    world: &World,
) -> Result<ClusterDescription, Failure> {
    let settings = Settings::load(&world.environment, arguments.profile.as_deref()).await?;
    let (flag, in_arn) = (arguments.region.as_ref(), arguments.name.region.as_ref());
    let region = caller::region(flag, in_arn, settings.region.as_ref())?;
    let roles = match &arguments.assume_role_arn {
        None => vec![],
        Some(role) => vec![AssumeRole { session_name: session_name()?, ..role.clone().into() }],
    };
    let caller = Caller::with_roles(world, settings, region, &roles).await?;
    let session = caller.session(world);
    let description = describe_cluster(&session, &caller.credentials, &arguments.name.name).await?;
    match description.status.as_str() {
        "ACTIVE" | "UPDATING" => Ok(description),
        status => Err(Failure::ClusterStatus(status.to_owned())),
    }
}

/// As the AWS CLI names it.
fn session_name() -> Result<SessionName, Failure> {
    let name = SessionName::try_from("EKSDescribeClusterSession".to_owned());
    name.map_err(|error| Failure::Usage(error.to_string()))
}

/// The bare name where a shell finds this program by it, so that the file can be shared; else
/// where it is.
fn program(environment: &Environment) -> String {
    let Ok(own) = std::env::current_exe().and_then(|path| path.canonicalize()) else {
        return PROGRAM.to_owned();
    };
    let path = environment.get("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(path).map(|folder| folder.join(PROGRAM));
    let first = found.find(|path| path.is_file()).and_then(|path| path.canonicalize().ok());
    if first.as_ref() == Some(&own) {
        PROGRAM.to_owned()
    } else {
        own.to_string_lossy().into_owned()
    }
}

fn report(
    arguments: &UpdateKubeconfig,
    entries: &Entries,
    was_there: bool,
    path: &Path,
) -> Result<String, Failure> {
    let context = entries.context.get("name").and_then(Document::as_text).unwrap_or_default();
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.display();
    let mut text = if was_there {
        format!("Updated context {context} in {path}\n")
    } else {
        format!("Added new context {context} to {path}\n")
    };
    if arguments.verbose {
        text.push_str("Entries:\n\n");
        for entry in [&entries.context, &entries.user, &entries.cluster] {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", document::write(entry).map_err(format)?);
        }
    }
    Ok(text)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn format(error: serde_saphyr::ser::Error) -> Failure {
    Failure::Format(error.to_string())
}
