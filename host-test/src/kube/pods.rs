//! Lists pods, page by page.

use http::header::{ACCEPT, HeaderValue};
use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;
use kube::client::Body;
use kube::core::Request as ApiRequest;
use kube::{Client, Resource as _};
use serde_json::Value;

use super::read::{malformed, read_json};
use super::{ClientError, Namespace, PodList, Table};

/// How many pods are asked for at once: what kubectl asks for.
pub const PAGE_SIZE: u32 = 500;
/// How often a list is begun again whose continuation has expired, before it is asked for whole.
const RESTARTS: u32 = 2;

/// Which pods.
#[derive(Debug, Clone, Default)]
pub struct PodQuery {
    /// Those of one namespace, or of all.
    pub namespace: Option<Namespace>,
    /// Those with certain labels, as in `app=web,tier!=cache`.
    pub label_selector: Option<String>,
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodForm {
    /// A table for people. Servers that cannot make one give the objects.
    Table,
    /// The objects themselves.
    Objects,
}

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedSoFar {
    /// Pods that have arrived.
    pub pods: usize,
    /// Pods that the server says are still to come: none behind the last page.
    pub remaining: Option<u64>,
}

/// Lists the pods in pages of [`PAGE_SIZE`], telling `progress` behind each.
///
/// A continuation is good for some five minutes; where it has expired (410 Gone), the list begins
/// again, and in the end is asked for whole, so that what is returned is always one consistent
/// list.
///
/// # Errors
/// [`ClientError`], one variant a cause.
pub async fn list_pods(
    client: &Client,
    query: &PodQuery,
    form: PodForm,
    mut progress: impl FnMut(ListedSoFar),
) -> Result<PodList, ClientError> {
    for _ in 0..=RESTARTS {
        match list_once(client, query, form, Some(PAGE_SIZE), &mut progress).await {
            Err(ClientError::Answer { status: 410, .. }) => {}
            other => return other,
        }
    }
    list_once(client, query, form, None, &mut progress).await
}

/// From the first page to the last.
async fn list_once(
    client: &Client,
    query: &PodQuery,
    form: PodForm,
    limit: Option<u32>,
    progress: &mut impl FnMut(ListedSoFar),
) -> Result<PodList, ClientError> {
    let mut params = ListParams { limit, ..ListParams::default() };
    params.label_selector.clone_from(&query.label_selector);
    let mut list: Option<PodList> = None;
    loop {
        let page = parse_page(fetch(client, query, &params, form).await?)?;
        let pods = match &mut list {
            Some(list) => {
                list.append(page.list);
                list.len()
            }
            None => list.insert(page.list).len(),
        };
        progress(ListedSoFar { pods, remaining: page.remaining });
        match (page.continuation, list.take()) {
            (None, Some(list)) => return Ok(list),
            (continuation, so_far) => {
                params.continue_token = continuation;
                list = so_far;
            }
        }
    }
}

/// One request, answered with JSON.
async fn fetch(
    client: &Client,
    query: &PodQuery,
    params: &ListParams,
    form: PodForm,
) -> Result<Value, ClientError> {
    let path = Pod::url_path(&(), query.namespace.as_ref().map(Namespace::as_str));
    let mut request = ApiRequest::new(path)
        .list(params)
        .map_err(|error| ClientError::Setup(error.to_string()))?
        .map(Body::from);
    request.headers_mut().insert(ACCEPT, accept(form));
    read_json(client, request).await
}

/// As kubectl asks.
fn accept(form: PodForm) -> HeaderValue {
    HeaderValue::from_static(match form {
        PodForm::Table => "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
        PodForm::Objects => "application/json",
    })
}

struct Page {
    list: PodList,
    continuation: Option<String>,
    remaining: Option<u64>,
}

fn parse_page(mut answer: Value) -> Result<Page, ClientError> {
    let metadata = answer.get("metadata");
    let continuation = metadata
        .and_then(|metadata| metadata.get("continue"))
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty())
        .map(str::to_owned);
    let remaining =
        metadata.and_then(|metadata| metadata.get("remainingItemCount")).and_then(Value::as_u64);
    let list = match answer.get("kind").and_then(Value::as_str) {
        Some("Table") => {
            PodList::Table(serde_json::from_value::<Table>(answer).map_err(malformed)?)
        }
        Some("PodList") => PodList::Objects(objects(answer.get_mut("items").map(Value::take))?),
        _ => return Err(ClientError::Malformed("neither a Table nor a PodList".to_owned())),
    };
    Ok(Page { list, continuation, remaining })
}

/// Items of a list come without the type that the list has for them all.
fn objects(items: Option<Value>) -> Result<Vec<Value>, ClientError> {
    let mut items = match items {
        // Go writes an empty list as null.
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(ClientError::Malformed("its items are no list".to_owned())),
    };
    for item in &mut items {
        let Value::Object(item) = item else {
            return Err(ClientError::Malformed("an item is no object".to_owned()));
        };
        item.insert("apiVersion".to_owned(), Pod::api_version(&()).into());
        item.insert("kind".to_owned(), Pod::kind(&()).into());
    }
    Ok(items)
}
