//! Lists, in pages.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks>

use serde_json::{Map, Value};

use super::RESOURCE_VERSION;
use super::continuation::Continuation;
use super::label_selector::LabelSelector;
use super::pod::Pod;
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// What to list.
pub(super) struct ListOptions<'a> {
    /// All of them where empty.
    namespace: &'a str,
    selector: LabelSelector,
    /// As many as there are where absent.
    limit: Option<usize>,
    pub(super) start: Option<Continuation>,
}

impl<'a> ListOptions<'a> {
    pub(super) fn read(namespace: &'a str, parameters: &Parameters) -> Result<Self, Status> {
        if parameters.non_empty("fieldSelector").is_some() {
            return Err(Status::bad_request("field selectors are not supported".to_owned()));
        }
        let limit = match parameters.non_empty("limit").map(str::parse) {
            None | Some(Ok(0)) => None,
            Some(Ok(limit)) => Some(limit),
            Some(Err(_)) => return Err(Status::bad_request("limit is not a number".to_owned())),
        };
        Ok(Self {
            namespace,
            selector: LabelSelector::parse(parameters.get("labelSelector").unwrap_or_default())?,
            limit,
            start: parameters.non_empty("continue").map(Continuation::parse).transpose()?,
        })
    }
}

/// Part of a list.
pub(super) struct Page<'a> {
    pub(super) pods: Vec<&'a Pod>,
    /// Where there are more.
    next: Option<Continuation>,
    /// How many more, where that is known: a server does not count behind a selector.
    remaining: Option<usize>,
}

impl Page<'_> {
    /// `metav1.ListMeta`
    pub(super) fn metadata(&self) -> Value {
        let mut metadata = Map::new();
        metadata.insert("resourceVersion".to_owned(), RESOURCE_VERSION.to_string().into());
        if let Some(next) = &self.next {
            metadata.insert("continue".to_owned(), next.to_text().into());
        }
        if let Some(remaining) = self.remaining {
            metadata.insert("remainingItemCount".to_owned(), remaining.into());
        }
        Value::Object(metadata)
    }
}

/// The next page of `pods`, which are in order.
pub(super) fn page<'a>(pods: &'a [Pod], options: &ListOptions<'_>) -> Page<'a> {
    let begin = options.start.as_ref().map_or(0, |start| {
        pods.partition_point(|pod| pod.key() <= (start.namespace.as_str(), start.name.as_str()))
    });
    let mut selected = pods.iter().skip(begin).filter(|pod| {
        (options.namespace.is_empty() || pod.namespace == options.namespace)
            && options.selector.selects(&pod.labels)
    });
    let limit = options.limit.unwrap_or(usize::MAX);
    let page: Vec<&Pod> = selected.by_ref().take(limit).collect();
    let behind = selected.count();
    let last = page.last().filter(|_| behind > 0);
    Page {
        next: last.map(|pod| Continuation {
            namespace: pod.namespace.to_owned(),
            name: pod.name.clone(),
        }),
        remaining: last.filter(|_| options.selector.is_empty()).map(|_| behind),
        pods: page,
    }
}
