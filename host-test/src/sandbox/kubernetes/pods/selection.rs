//! What a list or a watch is about.

use super::field_selector::FieldSelector;
use super::label_selector::LabelSelector;
use super::pod::Pod;
use crate::sandbox::kubernetes::parameters::Parameters;
use crate::sandbox::kubernetes::status::Status;

/// Some of the cluster's pods.
pub(super) struct Selection {
    /// All of them where empty.
    namespace: String,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    pub(super) fn read(namespace: &str, parameters: &Parameters) -> Result<Self, Status> {
        Ok(Self {
            namespace: namespace.to_owned(),
            labels: LabelSelector::parse(parameters.get("labelSelector").unwrap_or_default())?,
            fields: FieldSelector::parse(parameters.get("fieldSelector").unwrap_or_default())?,
        })
    }

    pub(super) fn selects(&self, pod: &Pod) -> bool {
        (self.namespace.is_empty() || self.namespace == pod.namespace)
            && self.labels.selects(&pod.labels)
            && self.fields.selects(pod)
    }

    /// Whether a namespace at most was asked for.
    pub(super) fn has_no_selector(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }
}

/// The parameter `resourceVersion`; none where any will do.
pub(super) fn resource_version(parameters: &Parameters) -> Result<Option<u64>, Status> {
    let version = parameters.non_empty("resourceVersion").map(str::parse::<u64>).transpose();
    let version = version.map_err(|_| {
        Status::bad_request("resourceVersion is none of this server: begin with a list".to_owned())
    })?;
    Ok(version.filter(|version| *version != 0))
}
