//! Who calls, and from where: settings, region and credentials for one command.

use std::path::PathBuf;

use eks_token_host::aws::{
    AssumeRole, CredentialFinder, Environment, RoleCache, Session, Settings,
};
use eks_token_host::{Credentials, Partition, Region};
use tracing::info;

use crate::arguments::Aws;
use crate::failure::Failure;
use crate::mfa;
use crate::world::World;

/// All that AWS needs to know.
pub(crate) struct Caller {
    pub(crate) settings: Settings,
    pub(crate) region: Region,
    pub(crate) credentials: Credentials,
}

impl Caller {
    /// Finds them. `cluster_region` is what the cluster's ARN says.
    pub(crate) async fn find(
        world: &World,
        arguments: &Aws,
        cluster_region: Option<&Region>,
    ) -> Result<Self, Failure> {
        let settings = Settings::load(&world.environment, arguments.profile.as_deref()).await?;
        let region = region(arguments.region.as_ref(), cluster_region, settings.region.as_ref())?;
        Self::with_settings(world, arguments, settings, region).await
    }

    /// How AWS is called.
    pub(crate) fn session<'a>(&'a self, world: &'a World) -> Session<'a> {
        Session { environment: &world.environment, settings: &self.settings, region: &self.region }
    }

    /// Finds credentials, and assumes the roles of the command line.
    pub(crate) async fn with_settings(
        world: &World,
        arguments: &Aws,
        settings: Settings,
        region: Region,
    ) -> Result<Self, Failure> {
        let cache = role_cache(arguments.roles.cache, &world.environment)?;
        let forward = arguments.roles.forward_session_name;
        let roles = arguments.roles.requests()?;
        Self::assume(world, settings, region, &roles, forward, cache.as_ref()).await
    }

    /// Finds credentials, and assumes these roles.
    pub(crate) async fn with_roles(
        world: &World,
        settings: Settings,
        region: Region,
        roles: &[AssumeRole],
    ) -> Result<Self, Failure> {
        Self::assume(world, settings, region, roles, false, None).await
    }

    async fn assume(
        world: &World,
        settings: Settings,
        region: Region,
        roles: &[AssumeRole],
        forward_session_name: bool,
        cache: Option<&RoleCache>,
    ) -> Result<Self, Failure> {
        let environment = &world.environment;
        let finder = CredentialFinder {
            session: Session { environment, settings: &settings, region: &region },
            roles,
            forward_session_name,
            cache,
            ask_mfa_code: &|serial| mfa::ask(environment, serial),
            now: world.now,
        };
        let credentials = finder.find().await?;
        info!(
            access_key_id = credentials.access_key_id.as_str(),
            expires_at = credentials.expires_at,
            region = region.as_str(),
            profile = settings.profile,
            "found credentials"
        );
        Ok(Self { settings, region, credentials })
    }
}

/// What is nearest to the cluster counts: its own ARN, the command line, then what is set up. One
/// that AWS does not have is refused here, where it can still be named.
pub(crate) fn region(
    flag: Option<&Region>,
    cluster: Option<&Region>,
    set_up: Option<&Region>,
) -> Result<Region, Failure> {
    match (flag, cluster) {
        (Some(flag), Some(cluster)) if flag != cluster => Err(Failure::RegionConflict),
        _ => {
            let region = cluster.or(flag).or(set_up).cloned().ok_or(Failure::NoRegion)?;
            match Partition::of_region(region.as_str()) {
                Some(_) => Ok(region),
                None => Err(Failure::UnknownRegion(region)),
            }
        }
    }
}

/// The cache, where the user wants it.
pub(crate) fn role_cache(
    is_wanted: bool,
    environment: &Environment,
) -> Result<Option<RoleCache>, Failure> {
    let is_set = match environment.get("EKS_TOKEN_CACHE") {
        None => false,
        Some(value) => match value.to_ascii_lowercase().as_str() {
            "1" | "true" => true,
            "0" | "false" => false,
            _ => return Err(Failure::Usage("EKS_TOKEN_CACHE must be true or false".to_owned())),
        },
    };
    if !is_wanted && !is_set {
        return Ok(None);
    }
    let below = |name, rest: &str| environment.get(name).map(|home| PathBuf::from(home).join(rest));
    let folder = below("EKS_TOKEN_CACHE_DIR", "")
        .or_else(|| below("XDG_CACHE_HOME", "eks-token"))
        .or_else(|| below("HOME", ".cache/eks-token"));
    let no_folder = || Failure::Usage("--cache: set EKS_TOKEN_CACHE_DIR or HOME".to_owned());
    Ok(Some(RoleCache::new(folder.ok_or_else(no_folder)?)))
}
