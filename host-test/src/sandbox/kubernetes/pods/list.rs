//! Lists, in pages.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks>

use serde_json::{Map, Value};

use super::continuation::Continuation;
use super::history::History;
use super::pod::Pod;
use super::selection::{Selection, resource_version};
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// What to list.
pub(super) struct ListOptions {
    selection: Selection,
    /// As many as there are where absent.
    limit: Option<usize>,
    begin: Begin,
}

/// Which version of the cluster to list, and from where on.
enum Begin {
    /// From the first pod of the cluster as it is, which must have come to this version.
    NotOlderThan(u64),
    /// From the first pod of this version.
    Exact(u64),
    /// Where another list has stopped.
    Behind(Continuation),
}

impl ListOptions {
    pub(super) fn read(namespace: &str, parameters: &Parameters) -> Result<Self, Status> {
        let limit = match parameters.non_empty("limit").map(str::parse) {
            None | Some(Ok(0)) => None,
            Some(Ok(limit)) => Some(limit),
            Some(Err(_)) => return Err(Status::bad_request("limit is not a number".to_owned())),
        };
        let selection = Selection::read(namespace, parameters)?;
        Ok(Self { selection, limit, begin: Begin::read(parameters)? })
    }

    /// Whether another list goes on.
    pub(super) const fn is_continuation(&self) -> bool {
        matches!(self.begin, Begin::Behind(_))
    }
}

impl Begin {
    fn read(parameters: &Parameters) -> Result<Self, Status> {
        if let Some(text) = parameters.non_empty("continue") {
            return Continuation::parse(text).map(Self::Behind);
        }
        let version = resource_version(parameters)?;
        match (parameters.non_empty("resourceVersionMatch"), version) {
            (None | Some("NotOlderThan"), version) => {
                Ok(Self::NotOlderThan(version.unwrap_or_default()))
            }
            (Some("Exact"), Some(version)) => Ok(Self::Exact(version)),
            (Some(_), _) => Err(Status::invalid_options(
                "resourceVersionMatch: Invalid value: it must be NotOlderThan, or Exact with a \
                 resourceVersion",
            )),
        }
    }

    fn version(&self, current: u64) -> Result<u64, Status> {
        let (asked_for, version) = match self {
            Self::NotOlderThan(version) => (*version, current),
            Self::Exact(version) => (*version, *version),
            Self::Behind(continuation) => {
                (continuation.resource_version, continuation.resource_version)
            }
        };
        if asked_for > current { Err(Status::too_new(asked_for, current)) } else { Ok(version) }
    }

    fn key(&self) -> Option<(&str, &str)> {
        match self {
            Self::Behind(start) => Some((&start.namespace, &start.name)),
            Self::NotOlderThan(_) | Self::Exact(_) => None,
        }
    }

    fn too_old(&self) -> Status {
        match self {
            Self::Behind(_) => Status::expired(),
            Self::NotOlderThan(_) | Self::Exact(_) => {
                Status::too_old("The resourceVersion for the provided list is too old.".to_owned())
            }
        }
    }
}

/// Part of a list.
pub(super) struct Page<'a> {
    pub(super) pods: Vec<&'a Pod>,
    resource_version: u64,
    /// Where there are more.
    next: Option<Continuation>,
    /// How many more, where that is known: a server does not count behind a selector.
    remaining: Option<usize>,
}

impl Page<'_> {
    /// `metav1.ListMeta`
    pub(super) fn metadata(&self) -> Value {
        let mut metadata = Map::new();
        metadata.insert("resourceVersion".to_owned(), self.resource_version.to_string().into());
        if let Some(next) = &self.next {
            metadata.insert("continue".to_owned(), next.to_text().into());
        }
        if let Some(remaining) = self.remaining {
            metadata.insert("remainingItemCount".to_owned(), remaining.into());
        }
        Value::Object(metadata)
    }
}

/// The page that was asked for. All pages of a list are of the version that it began with.
pub(super) fn page<'a>(history: &'a History, options: &ListOptions) -> Result<Page<'a>, Status> {
    let ListOptions { selection, limit, begin } = options;
    let resource_version = begin.version(history.current())?;
    let pods = history.at(resource_version, begin.key()).map_err(|_| begin.too_old())?;
    let mut selected = pods.map(AsRef::as_ref).filter(|pod| selection.selects(pod));
    let page: Vec<&Pod> = selected.by_ref().take(limit.unwrap_or(usize::MAX)).collect();
    let behind = selected.count();
    let last = page.last().filter(|_| behind > 0);
    Ok(Page {
        resource_version,
        next: last.map(|pod| Continuation {
            resource_version,
            namespace: pod.namespace.to_owned(),
            name: pod.name.clone(),
        }),
        remaining: last.filter(|_| selection.has_no_selector()).map(|_| behind),
        pods: page,
    })
}
