//! Pods: made at the start, then created and deleted by who runs the sandbox, and all the while
//! listed and watched.

mod age;
mod continuation;
mod field_selector;
mod generate;
mod history;
mod label_selector;
mod list;
mod object;
mod pod;
mod pod_name;
mod selection;
mod store;
mod table;
mod watch;
mod watch_event;
mod workload;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::{Value, json};

use super::accept::{Form, negotiate};
use super::parameters::Parameters;
use super::request_info::ResourceRequest;
use super::status::Status;
use crate::Region;
use crate::sandbox::{Clock, SandboxOptions};
use history::History;
use list::ListOptions;
use pod_name::PodName;
use store::Store;
use table::IncludeObject;
use watch::WatchOptions;
use watch_event::Encoder;
use workload::UNMANAGED;

pub(super) use pod::timestamp;
pub use pod_name::PodError;

/// All pods of the cluster.
pub(in crate::sandbox) struct Pods {
    store: Arc<Store>,
    region: Region,
    clock: Clock,
    watches_end_with_token: bool,
    /// How many continuations are still to be refused.
    expired_continuations: AtomicU32,
}

impl Pods {
    /// Makes those of the start. The same number, region and time give the same pods.
    pub(in crate::sandbox) fn generate(options: &SandboxOptions) -> Self {
        let SandboxOptions { region, clock, .. } = options;
        let pods = generate::pods(options.pods, region.as_str(), clock.now());
        Self {
            store: Arc::new(Store::new(History::begin(pods, options.kept_changes))),
            region: region.clone(),
            clock: clock.clone(),
            watches_end_with_token: options.watches_end_with_token,
            expired_continuations: AtomicU32::new(options.expired_continuations),
        }
    }

    /// Adds a pod to namespace `default`.
    pub(in crate::sandbox) fn create(&self, name: &str) -> Result<(), PodError> {
        let name = PodName::try_from(name)?;
        let (region, now) = (self.region.as_str(), self.clock.now());
        let is_new = self.store.insert((UNMANAGED.namespace, name.as_str()), |version| {
            generate::unmanaged(&name, version, region, now)
        });
        if is_new { Ok(()) } else { Err(PodError::Exists(name.as_str().to_owned())) }
    }

    /// Takes a pod out of namespace `default`.
    pub(in crate::sandbox) fn delete(&self, name: &str) -> Result<(), PodError> {
        let name = PodName::try_from(name)?;
        let was_there = self.store.remove((UNMANAGED.namespace, name.as_str()));
        if was_there { Ok(()) } else { Err(PodError::NotFound(name.as_str().to_owned())) }
    }

    /// Ends all watches at once, and those that are begun later.
    pub(in crate::sandbox) fn end_watches(&self) {
        self.store.close();
    }

    /// Answers a permitted request whose token is good until `token_good_until` (Unix seconds),
    /// that second included.
    pub(in crate::sandbox::kubernetes) fn respond(
        &self,
        request: &ResourceRequest<'_>,
        parts: &Parts,
        token_good_until: u64,
    ) -> Result<Response, Status> {
        let form = negotiate(&parts.headers)?;
        let parameters = Parameters::of(&parts.uri);
        let body = match request.verb {
            "watch" => return self.watch(request, &parameters, form, token_good_until),
            _ if request.name.is_empty() => self.list(request, &parameters, form)?,
            _ => self.get(request, &parameters, form)?,
        };
        Ok(Json(body).into_response())
    }

    fn get(
        &self,
        request: &ResourceRequest<'_>,
        parameters: &Parameters,
        form: Form,
    ) -> Result<Value, Status> {
        let history = self.store.read();
        let found = history.find((request.namespace, request.name));
        let pod = found.ok_or_else(|| Status::not_found(request))?;
        match form {
            Form::Object => Ok(object::pod(pod)),
            Form::Table { api_version } => {
                let include = IncludeObject::of(parameters)?;
                let metadata = json!({ "resourceVersion": pod.resource_version.to_string() });
                Ok(table::table(api_version, &metadata, &[pod], include, self.clock.now()))
            }
        }
    }

    fn list(
        &self,
        request: &ResourceRequest<'_>,
        parameters: &Parameters,
        form: Form,
    ) -> Result<Value, Status> {
        let options = ListOptions::read(request.namespace, parameters)?;
        if options.is_continuation() && self.expire_continuation() {
            return Err(Status::expired());
        }
        let history = self.store.read();
        let page = list::page(&history, &options)?;
        match form {
            Form::Object => Ok(object::pod_list(&page)),
            Form::Table { api_version } => {
                let (include, now) = (IncludeObject::of(parameters)?, self.clock.now());
                Ok(table::table(api_version, &page.metadata(), &page.pods, include, now))
            }
        }
    }

    fn watch(
        &self,
        request: &ResourceRequest<'_>,
        parameters: &Parameters,
        form: Form,
        token_good_until: u64,
    ) -> Result<Response, Status> {
        let mut options = WatchOptions::read(request.namespace, parameters)?;
        let encoder = Encoder::new(form, parameters, &self.clock)?;
        if self.watches_end_with_token {
            // Until the first second in which the token is refused.
            let seconds = token_good_until.saturating_add(1).saturating_sub(self.clock.now());
            options.limit(Duration::from_secs(seconds));
        }
        let body: Body = watch::body(&self.store, options, encoder);
        Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
    }

    /// Whether this continuation is one of those to refuse.
    fn expire_continuation(&self) -> bool {
        self.expired_continuations
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }
}
