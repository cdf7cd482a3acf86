//! The configuration: YAML in, a plan out. Fields are named as the options of the command line and
//! the fields of a kubeconfig are.

use std::path::{Path, PathBuf};

use eks_token_gateway::config::{Field, Object, Problem};
use eks_token_host::aws::AssumeRole;
use eks_token_host::proxy::{Callers, ConfigError, PathPrefix, Rules};
use serde_json::Value;

use super::plan::{ClusterPlan, Plan, TlsFiles, default_listen};
use crate::arguments::Target;
use crate::failure::Failure;
use crate::files;

/// A configuration is some kilobytes.
const MAX_SIZE: u64 = 1024 * 1024;
const FIELDS: &str = "listen, metrics-listen, tls, accept-hosts, allow-origins, clusters";
const CLUSTER_FIELDS: &str = "name, region, profile, roles, cache, server, certificate-authority, \
                              tls-server-name, proxy-url, listen, host, path, allow, interactive";
const CLUSTERS: &str = "a list of clusters, each with a name";

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Plan, Failure> {
    let text = files::read("the configuration", path, MAX_SIZE)?;
    let failed = |error| Failure::ProxyConfig { path: path.to_owned(), error };
    let text = String::from_utf8(text).map_err(|_| failed(whole("it must be UTF-8 text")))?;
    // Of the error the place: its text may repeat what stands in the file.
    let value: Value = serde_saphyr::from_str(&text).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        failed(whole(&format!("it is no YAML at line {line}")))
    })?;
    plan(&value).map_err(failed)
}

fn whole(message: &str) -> ConfigError {
    ConfigError { at: String::new(), problem: Problem::Text(message.to_owned()) }
}

fn plan(value: &Value) -> Result<Plan, ConfigError> {
    let object = Field { at: String::new(), value }.object(FIELDS)?;
    let clusters = object.required("clusters", CLUSTERS)?.list()?;
    let clusters = clusters.into_iter().map(|entry| cluster(entry, &object));
    Ok(Plan {
        tls: object.optional("tls").map(tls).transpose()?,
        callers: Callers {
            accept_hosts: list(&object, "accept-hosts")?,
            allow_origins: list(&object, "allow-origins")?,
        },
        metrics: object.optional("metrics-listen").map(|field| socket(&field)).transpose()?,
        clusters: clusters.collect::<Result<_, _>>()?,
    })
}

fn tls(field: Field<'_>) -> Result<TlsFiles, ConfigError> {
    let object = field.object("certificate, key, client-ca")?;
    let file = |name| object.required(name, "the path of a PEM file")?.text().map(PathBuf::from);
    Ok(TlsFiles {
        certificate: file("certificate")?,
        key: file("key")?,
        client_authority: path(&object, "client-ca")?,
    })
}

fn cluster(field: Field<'_>, whole: &Object<'_>) -> Result<ClusterPlan, ConfigError> {
    let at = field.at.clone();
    let object = field.object(CLUSTER_FIELDS)?;
    let listen = match object.optional("listen").or_else(|| whole.optional("listen")) {
        Some(field) => parsed(&field)?,
        None => default_listen(),
    };
    let name = object.required("name", "the cluster's name or ARN")?;
    Ok(ClusterPlan {
        name: owned(&name)?,
        region: object.optional("region").map(|field| field.checked()).transpose()?,
        profile: text(&object, "profile")?,
        roles: roles(&object)?,
        forward_session_name: false,
        cache: object.optional("cache").map_or(Ok(false), |field| field.flag())?,
        target: target(&object)?,
        listen,
        host: object.optional("host").map(|field| parsed(&field)).transpose()?,
        path: object.optional("path").map_or(Ok(PathPrefix::default()), |field| parsed(&field))?,
        rules: rules(&object, &at)?,
    })
}

/// With the place of the cluster before that of the mistake.
fn rules(object: &Object<'_>, at: &str) -> Result<Rules, ConfigError> {
    let fields = ["allow", "interactive"];
    let fields = fields.iter().filter_map(|name| {
        object.optional(name).map(|field| ((*name).to_owned(), field.value.clone()))
    });
    let value = Value::Object(fields.collect());
    Rules::from_value(&value)
        .map_err(|error| ConfigError { at: format!("{at}.{}", error.at), ..error })
}

fn roles(object: &Object<'_>) -> Result<Vec<AssumeRole>, ConfigError> {
    let Some(field) = object.optional("roles") else { return Ok(Vec::new()) };
    field.list()?.into_iter().map(role).collect()
}

fn role(field: Field<'_>) -> Result<AssumeRole, ConfigError> {
    if field.value.is_string() {
        return Ok(AssumeRole::from(owned::<eks_token_host::aws::RoleArn>(&field)?));
    }
    let object = field.object("arn, external-id, session-name")?;
    let arn = object.required("arn", "the ARN of an IAM role")?;
    let mut role = AssumeRole::from(owned::<eks_token_host::aws::RoleArn>(&arn)?);
    role.external_id = object.optional("external-id").map(|field| owned(&field)).transpose()?;
    if let Some(field) = object.optional("session-name") {
        role.session_name = owned(&field)?;
    }
    Ok(role)
}

fn target(object: &Object<'_>) -> Result<Target, ConfigError> {
    let target = Target {
        server: object.optional("server").map(|field| parsed(&field)).transpose()?,
        certificate_authority: path(object, "certificate-authority")?,
        tls_server_name: text(object, "tls-server-name")?,
        proxy_url: text(object, "proxy-url")?,
    };
    let missing = |name, expected| Err(object.error(name, Problem::Missing(expected)));
    match (&target.server, &target.certificate_authority) {
        (Some(_), None) => missing("certificate-authority", "a PEM file, beside server"),
        (None, Some(_)) => missing("server", "an https URL, beside certificate-authority"),
        _ => Ok(target),
    }
}

fn text(object: &Object<'_>, name: &str) -> Result<Option<String>, ConfigError> {
    object.optional(name).map(|field| field.text().map(ToOwned::to_owned)).transpose()
}

fn path(object: &Object<'_>, name: &str) -> Result<Option<PathBuf>, ConfigError> {
    Ok(text(object, name)?.map(PathBuf::from))
}

fn list<T>(object: &Object<'_>, name: &str) -> Result<Vec<T>, ConfigError>
where
    T: for<'a> TryFrom<&'a str, Error: ToString>,
{
    let Some(field) = object.optional(name) else { return Ok(Vec::new()) };
    field.list()?.iter().map(parsed).collect()
}

fn socket(field: &Field<'_>) -> Result<std::net::SocketAddr, ConfigError> {
    let malformed = |_| field.error(Problem::Type("IP:PORT, such as 127.0.0.1:9090"));
    field.text()?.parse().map_err(malformed)
}

/// A text that its own type checks. The errors of these types never repeat it.
fn parsed<T>(field: &Field<'_>) -> Result<T, ConfigError>
where
    T: for<'a> TryFrom<&'a str, Error: ToString>,
{
    let text = field.text()?;
    T::try_from(text).map_err(|error| field.error(Problem::Text(error.to_string())))
}

fn owned<T>(field: &Field<'_>) -> Result<T, ConfigError>
where
    T: TryFrom<String, Error: ToString>,
{
    let text = field.text()?.to_owned();
    T::try_from(text).map_err(|error| field.error(Problem::Text(error.to_string())))
}
