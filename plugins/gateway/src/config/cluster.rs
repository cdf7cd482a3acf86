//! `clusters`.

use alloc::string::String;
use alloc::vec::Vec;

use eks_token_signer::{Cluster, EndpointFeatures, Lifetime, Region, StsEndpoint, StsHost};

use super::error::{ConfigError, Problem};
use super::field::{Field, Object};
use super::platform::Platform;
use crate::admission::Destination;

pub(super) const EXPECTED: &str = "a list of clusters, each with name and region";

/// A cluster, and which requests are for it.
#[derive(Debug, Clone)]
pub struct ClusterEntry {
    /// The cluster's name, or the id of a local cluster on Outposts.
    pub name: Cluster,
    /// Its region.
    pub region: Region,
    /// The STS endpoint that its tokens name. It has been resolved once: it exists.
    pub endpoint: StsEndpoint,
    /// Where its API server is, where the plugin itself says where requests go.
    pub server: Option<Server>,
    /// How long each token is to live.
    pub lifetime: Lifetime,
    /// Which requests are for it.
    pub matches: Match,
}

/// Host and port of an API server that is reached over https.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server(String);

impl Server {
    /// What to connect to and to say in `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let authority = text.strip_prefix("https://")?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        (!authority.is_empty() && authority.bytes().all(is_part)).then(|| Self(authority.into()))
    }
}

/// Which requests. A list that is empty says nothing; all lists that are not must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Match {
    /// Values of `Host` or `:authority`, without case; without a port they fit any port.
    pub authorities: Vec<String>,
    /// Names of routes.
    pub routes: Vec<String>,
    /// Names of upstreams.
    pub upstreams: Vec<String>,
}

impl Match {
    pub(crate) fn fits(&self, destination: &Destination<'_>) -> bool {
        let is_in = |list: &[String], name: Option<&str>| {
            list.is_empty() || name.is_some_and(|name| list.iter().any(|known| known == name))
        };
        let host = destination.authority.unwrap_or_default();
        let is_host = |known: &String| is_authority(host, known);
        (self.authorities.is_empty() || self.authorities.iter().any(is_host))
            && is_in(&self.routes, destination.route)
            && is_in(&self.upstreams, destination.upstream)
    }

    /// Whether routes or upstreams have to be looked up.
    #[must_use]
    pub const fn asks_for_route(&self) -> bool {
        !self.routes.is_empty() || !self.upstreams.is_empty()
    }
}

/// Whether a request's authority is the known one.
fn is_authority(authority: &str, known: &str) -> bool {
    let port_at = |text: &str| match text.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.len(),
        _ => text.len(),
    };
    let (name, _port) = authority.split_at(port_at(authority));
    let authority = if port_at(known) == known.len() { name } else { authority };
    authority.eq_ignore_ascii_case(known)
}

pub(super) fn read(
    field: &Field<'_>,
    platform: Platform,
) -> Result<Vec<ClusterEntry>, ConfigError> {
    let list = field.list()?;
    let is_only = list.len() == 1;
    let mut entries: Vec<ClusterEntry> = Vec::with_capacity(list.len());
    for field in list {
        let object = field.object("name, region, server, sts, token_lifetime_seconds, match")?;
        let entry = entry(&object, platform)?;
        if !is_only && entry.matches == Match::default() {
            return Err(object.error("match", Problem::NoMatch));
        }
        if entries.iter().any(|other| other.matches == entry.matches) {
            return Err(object.error("match", Problem::Twice));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(object: &Object<'_>, platform: Platform) -> Result<ClusterEntry, ConfigError> {
    let name = object.required("name", "the cluster's name")?.checked()?;
    let region_field = object.required("region", "the cluster's region")?;
    let region: Region = region_field.checked()?;
    let endpoint = object.optional("sts").map_or(Ok(StsEndpoint::default()), endpoint)?;
    endpoint.resolve(&region).map_err(|error| region_field.error(Problem::Value(error)))?;
    let lifetime = match object.optional("token_lifetime_seconds") {
        None => Lifetime::default(),
        Some(field) => Lifetime::try_from(field.number()?)
            .map_err(|error| field.error(Problem::Value(error)))?,
    };
    let matches =
        object.optional("match").map_or(Ok(Match::default()), |field| matches(field, platform))?;
    let server = server(object, platform)?;
    Ok(ClusterEntry { name, region, endpoint, server, lifetime, matches })
}

fn server(object: &Object<'_>, platform: Platform) -> Result<Option<Server>, ConfigError> {
    const EXPECTED: &str = "the endpoint that DescribeCluster gives, such as https://example.com";
    match object.optional("server") {
        None if platform.chooses_server() => {
            Err(object.error("server", Problem::Missing(EXPECTED)))
        }
        None => Ok(None),
        Some(field) if !platform.chooses_server() => {
            Err(field.error(Problem::NotHere("the proxy itself says where requests go")))
        }
        Some(field) => match Server::parse(field.text()?) {
            Some(server) => Ok(Some(server)),
            None => Err(field.error(Problem::Type("https:// and a host, with a port or without"))),
        },
    }
}

fn endpoint(field: Field<'_>) -> Result<StsEndpoint, ConfigError> {
    if field.value.as_str() == Some("global") {
        return Ok(StsEndpoint::Global);
    }
    if field.value.is_string() {
        return Err(field.error(Problem::Type("global or an object")));
    }
    let object = field.object("fips, dual_stack, host, signing_region")?;
    let flag = |name| object.optional(name).map_or(Ok(false), |field| field.flag());
    let features = EndpointFeatures { fips: flag("fips")?, dual_stack: flag("dual_stack")? };
    let Some(host) = object.optional("host") else {
        return Ok(StsEndpoint::Regional(features));
    };
    if features != EndpointFeatures::default() {
        return Err(
            host.error(Problem::NotHere("a host of its own goes without fips and dual_stack"))
        );
    }
    let host: StsHost = host.checked()?;
    let signing_region = object
        .required("signing_region", "the region that requests to the host are signed for")?
        .checked()?;
    Ok(StsEndpoint::Custom { host, signing_region })
}

fn matches(field: Field<'_>, platform: Platform) -> Result<Match, ConfigError> {
    let place = field.at.clone();
    let object = field.object("authorities, routes, upstreams")?;
    let list = |name| object.optional(name).map_or(Ok(Vec::new()), |field| field.texts());
    let matches = Match {
        authorities: list("authorities")?,
        routes: list("routes")?,
        upstreams: list("upstreams")?,
    };
    if matches.asks_for_route() && !platform.sees_routes() {
        let problem = Problem::NotHere("a plugin of this kind sees authorities alone");
        return Err(ConfigError { at: place, problem });
    }
    if matches == Match::default() {
        return Err(ConfigError { at: place, problem: Problem::Empty });
    }
    Ok(matches)
}
