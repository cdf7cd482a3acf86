//! Pods: made once at the start, and read ever after.

mod age;
mod continuation;
mod generate;
mod label_selector;
mod list;
mod object;
mod pod;
mod table;
mod workload;

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use serde_json::{Value, json};

use super::accept::{Form, negotiate};
use super::parameters::Parameters;
use super::request_info::ResourceRequest;
use super::status::Status;
use list::{ListOptions, Page};
use pod::Pod;
use table::IncludeObject;

pub(super) use pod::timestamp;

/// The version of the stored objects, which never change.
const RESOURCE_VERSION: u64 = 4711;

/// All pods of the cluster, in the order of lists: by namespace, then by name.
pub(in crate::sandbox) struct Pods {
    pods: Vec<Pod>,
    /// How many continuations are still to be refused.
    expired_continuations: AtomicU32,
}

impl Pods {
    /// Makes `count` pods on nodes in `region`, as of `now` (Unix seconds). The same arguments give the same pods.
    pub(in crate::sandbox) fn generate(
        count: usize,
        region: &str,
        now: u64,
        expired_continuations: u32,
    ) -> Self {
        let pods = generate::pods(count, region, now);
        Self { pods, expired_continuations: AtomicU32::new(expired_continuations) }
    }

    /// Answers a permitted request.
    pub(in crate::sandbox::kubernetes) fn respond(
        &self,
        request: &ResourceRequest<'_>,
        parts: &Parts,
        now: u64,
    ) -> Result<Response, Status> {
        let form = negotiate(&parts.headers)?;
        let parameters = Parameters::of(&parts.uri);
        let body = if request.name.is_empty() {
            self.list(request, &parameters, form, now)?
        } else {
            self.get(request, &parameters, form, now)?
        };
        Ok(Json(body).into_response())
    }

    fn get(
        &self,
        request: &ResourceRequest<'_>,
        parameters: &Parameters,
        form: Form,
        now: u64,
    ) -> Result<Value, Status> {
        let found = self.find(request.namespace, request.name);
        let pod = found.ok_or_else(|| Status::not_found(request))?;
        match form {
            Form::Object => Ok(object::pod(pod)),
            Form::Table { api_version } => {
                let include = IncludeObject::of(parameters)?;
                let metadata = json!({ "resourceVersion": RESOURCE_VERSION.to_string() });
                Ok(table::table(api_version, &metadata, &[pod], include, now))
            }
        }
    }

    fn list(
        &self,
        request: &ResourceRequest<'_>,
        parameters: &Parameters,
        form: Form,
        now: u64,
    ) -> Result<Value, Status> {
        let options = ListOptions::read(request.namespace, parameters)?;
        if options.start.is_some() && self.expire_continuation() {
            return Err(Status::expired());
        }
        let page = list::page(&self.pods, &options);
        match form {
            Form::Object => Ok(object::pod_list(&page)),
            Form::Table { api_version } => {
                let include = IncludeObject::of(parameters)?;
                let Page { pods, .. } = &page;
                Ok(table::table(api_version, &page.metadata(), pods, include, now))
            }
        }
    }

    fn find(&self, namespace: &str, name: &str) -> Option<&Pod> {
        let index = self.pods.binary_search_by(|pod| pod.key().cmp(&(namespace, name))).ok()?;
        self.pods.get(index)
    }

    /// Whether this continuation is one of those to refuse.
    fn expire_continuation(&self) -> bool {
        self.expired_continuations
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }
}
