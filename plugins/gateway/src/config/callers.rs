//! `callers`.

use alloc::vec::Vec;

use super::error::{ConfigError, Problem};
use super::field::{Field, Object};
use super::platform::Platform;
use crate::callers::{BearerHash, Callers};

pub(super) const EXPECTED: &str = "an object that says by what callers are \"authenticated_by\"; a \
                                   proxy that adds a token lends its identity to whoever reaches it";
const WAYS: &str = "client-certificate, bearer, earlier-filter, nobody";

pub(super) fn read(field: Field<'_>, platform: Platform) -> Result<Callers, ConfigError> {
    let object = field.object("authenticated_by, names, sha256")?;
    let way = object.required(
        "authenticated_by",
        "one of: client-certificate, bearer, earlier-filter, nobody",
    )?;
    let callers = match way.text()? {
        "client-certificate" if !platform.sees_certificates() => {
            return Err(way.error(Problem::NotHere(
                "a plugin of this kind sees no client certificates; let the proxy itself ask for \
                 them and write earlier-filter, or take bearer",
            )));
        }
        "client-certificate" => Callers::ClientCertificate {
            names: object.optional("names").map_or(Ok(Vec::new()), |names| names.texts())?,
        },
        "bearer" => Callers::Bearer(hashes(&object)?),
        "earlier-filter" => Callers::EarlierFilter,
        "nobody" => Callers::Nobody,
        _ => return Err(way.error(Problem::Choice(WAYS))),
    };
    let is_idle = |name, is_used: bool| object.optional(name).is_some() && !is_used;
    if is_idle("names", matches!(callers, Callers::ClientCertificate { .. })) {
        return Err(object.error("names", Problem::NotHere("it goes with client-certificate")));
    }
    if is_idle("sha256", matches!(callers, Callers::Bearer(_))) {
        return Err(object.error("sha256", Problem::NotHere("it goes with bearer")));
    }
    Ok(callers)
}

fn hashes(object: &Object<'_>) -> Result<Vec<BearerHash>, ConfigError> {
    let list = object.required("sha256", "a list of SHA-256 hashes of bearers, in hexadecimal")?;
    list.list()?.iter().map(hash).collect()
}

fn hash(field: &Field<'_>) -> Result<BearerHash, ConfigError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(field.text()?, &mut bytes)
        .map_err(|_| field.error(Problem::Type("64 hexadecimal digits")))?;
    Ok(BearerHash(bytes))
}
