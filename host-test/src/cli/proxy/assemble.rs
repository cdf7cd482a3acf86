//! From a plan to a proxy's options: files are read, settings found, clusters given their signer.

use std::path::Path;
use std::sync::Arc;

use eks_token_host::aws::Settings;
use eks_token_host::cluster::{ClusterAccess, ClusterOptions};
use eks_token_host::kube::{ApiServer, BoxFuture, Locator, ProxySettings};
use eks_token_host::proxy::{
    ListenAddress, ListenerOptions, ProxyOptions, Route, ServerTls, Upstream,
};
use eks_token_host::{Clock, Signer};

use super::plan::{ClusterPlan, Plan, TlsFiles};
use crate::caller;
use crate::failure::Failure;
use crate::files;
use crate::locate;
use crate::world::World;

/// Certificates and keys are some kilobytes.
const MAX_PEM_SIZE: u64 = 1024 * 1024;

type Located = Result<ApiServer, Box<dyn std::error::Error + Send + Sync>>;

pub(super) async fn options(
    plan: Plan,
    world: &World,
    signer: &Signer,
) -> Result<ProxyOptions, Failure> {
    let tls = plan.tls.as_ref().map(server_tls).transpose()?;
    let mut listeners: Vec<ListenerOptions> = Vec::new();
    for cluster in plan.clusters {
        let address = cluster.listen.clone();
        let route = route(cluster, world, signer).await?;
        match listeners.iter_mut().find(|listener| listener.address == address) {
            Some(listener) => listener.routes.push(route),
            None => listeners.push(ListenerOptions {
                // A Unix socket needs none: its file says who may.
                tls: tls.clone().filter(|_| !matches!(address, ListenAddress::Unix(_))),
                address,
                callers: plan.callers.clone(),
                routes: vec![route],
            }),
        }
    }
    Ok(ProxyOptions { listeners, metrics: plan.metrics })
}

fn server_tls(tls: &TlsFiles) -> Result<ServerTls, Failure> {
    let read = |what, path: &Path| files::read(what, path, MAX_PEM_SIZE);
    let certificate = read("the TLS certificate", &tls.certificate)?;
    let key = zeroize::Zeroizing::new(read("the TLS key", &tls.key)?);
    let authority = tls.client_authority.as_deref();
    let authority = authority.map(|path| read("the client CA", path)).transpose()?;
    Ok(ServerTls::new(&certificate, &key, authority.as_deref())?)
}

async fn route(plan: ClusterPlan, world: &World, signer: &Signer) -> Result<Route, Failure> {
    let settings = Settings::load(&world.environment, plan.profile.as_deref()).await?;
    let (asked, of_arn) = (plan.region.as_ref(), plan.name.region.as_ref());
    let region = caller::region(asked, of_arn, settings.region.as_ref())?;
    let place = Place {
        given: locate::given(&plan.target, world)?,
        tls_server_name: plan.target.tls_server_name,
        proxy: plan
            .target
            .proxy_url
            .map(|url| ProxySettings { https_proxy: Some(url), no_proxy: None }),
    };
    let name = plan.name.name.as_str().to_owned();
    let mut options = ClusterOptions::new(plan.name, world.environment.clone());
    options.region = Some(region);
    options.profile = plan.profile;
    options.roles = plan.roles;
    options.forward_session_name = plan.forward_session_name;
    options.cache = caller::role_cache(plan.cache, &world.environment)?;
    let access = ClusterAccess::with_signer(options, signer.clone()).await?;
    Ok(Route {
        host: plan.host,
        path: plan.path,
        rules: plan.rules,
        upstream: Upstream {
            name,
            locator: Arc::new(Placed { access: access.clone(), place }),
            tokens: Arc::new(access),
            clock: Clock::default(),
        },
    })
}

/// What the user says of the way to a cluster.
struct Place {
    given: Option<ApiServer>,
    tls_server_name: Option<String>,
    proxy: Option<ProxySettings>,
}

/// Asks AWS for what the user did not say.
struct Placed {
    access: ClusterAccess,
    place: Place,
}

impl Locator for Placed {
    fn locate(&self) -> BoxFuture<'_, Located> {
        Box::pin(async move {
            if let Some(given) = &self.place.given {
                return Ok(given.clone());
            }
            let mut server = self.access.locate().await?;
            server.tls_server_name.clone_from(&self.place.tls_server_name);
            if let Some(proxy) = &self.place.proxy {
                server.proxy = proxy.clone();
            }
            Ok(server)
        })
    }
}
