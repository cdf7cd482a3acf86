//! Who calls, and from where: settings, region and credentials for one command.

use eks_token_host::aws::{Settings, find_credentials};
use eks_token_host::{Credentials, Partition, Region};

use crate::arguments::Aws;
use crate::failure::Failure;
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
        let credentials = find_credentials(&world.environment, &settings, &region).await?;
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
