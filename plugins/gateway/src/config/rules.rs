//! `allow` and `interactive`.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{ConfigError, Problem};
use super::field::{Field, Object};
use crate::rules::{Interactive, PathPattern, Rule, Rules};

/// Methods that a rule may name: those of the Kubernetes API. CONNECT and TRACE are none.
const METHODS: &str = "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE";

pub(super) fn read(object: &Object<'_>) -> Result<Rules, ConfigError> {
    let reading = Rules::reading();
    Ok(Rules {
        allow: match object.optional("allow") {
            Some(field) => field.list()?.into_iter().map(rule).collect::<Result<_, _>>()?,
            None => reading.allow,
        },
        interactive: match object.optional("interactive") {
            Some(field) => ways(&field)?,
            None => reading.interactive,
        },
    })
}

fn rule(field: Field<'_>) -> Result<Rule, ConfigError> {
    let object = field.object("methods, paths")?;
    let methods = object.required("methods", "a list of methods, such as GET")?.list()?;
    let paths = object.required("paths", "a list of paths, such as /api/**")?.list()?;
    Ok(Rule {
        methods: methods.iter().map(method).collect::<Result<_, _>>()?,
        paths: paths.iter().map(pattern).collect::<Result<_, _>>()?,
    })
}

fn method(field: &Field<'_>) -> Result<String, ConfigError> {
    let text = field.text()?;
    if METHODS.split(", ").any(|known| known == text) {
        Ok(text.to_owned())
    } else {
        Err(field.error(Problem::Choice(METHODS)))
    }
}

fn pattern(field: &Field<'_>) -> Result<PathPattern, ConfigError> {
    PathPattern::try_from(field.text()?).map_err(|error| field.error(Problem::Pattern(error)))
}

/// An empty list is what it says: none.
fn ways(field: &Field<'_>) -> Result<Vec<Interactive>, ConfigError> {
    if field.value.as_array().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    field.list()?.iter().map(way).collect()
}

fn way(field: &Field<'_>) -> Result<Interactive, ConfigError> {
    let text = field.text()?;
    Interactive::NAMED
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, way)| *way)
        .ok_or_else(|| field.error(Problem::Choice("exec, attach, port-forward, proxy")))
}
