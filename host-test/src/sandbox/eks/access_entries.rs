//! `GET /clusters/{name}/access-entries` and one of them.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html>,
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAccessEntry.html>

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::Uri;
use serde_json::json;

use super::EksApi;
use super::error::EksError;
use crate::sandbox::access_entries::AccessEntry;

/// As many as a page holds unless told otherwise, and at most.
const PAGE: usize = 100;

impl EksApi {
    /// Lists the ARNs of the principals. The token of the next page is the place where it begins.
    pub(super) fn list_access_entries(&self, name: &str, uri: &Uri) -> Result<Response, EksError> {
        self.check_access_entries(name)?;
        let parameter = |name: &str| {
            let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
            pairs.find(|(candidate, _)| candidate == name).map(|(_, value)| value.into_owned())
        };
        let limit = match parameter("maxResults").map(|text| text.parse()) {
            None => PAGE,
            Some(Ok(limit @ 1..=PAGE)) => limit,
            Some(_) => return Err(EksError::InvalidParameter("maxResults")),
        };
        let all = self.access_entries.all();
        let start = match parameter("nextToken").map(|text| text.parse()) {
            None => 0,
            Some(Ok(start)) if start < all.len() => start,
            Some(_) => return Err(EksError::InvalidParameter("nextToken")),
        };
        let arns: Vec<String> =
            all.iter().skip(start).take(limit).map(AccessEntry::principal_arn).collect();
        let next = start + arns.len();
        let next = (next < all.len()).then(|| next.to_string());
        Ok(Json(json!({ "accessEntries": arns, "nextToken": next })).into_response())
    }

    pub(super) fn describe_access_entry(
        &self,
        name: &str,
        principal_arn: &str,
    ) -> Result<Response, EksError> {
        self.check_access_entries(name)?;
        let entry = self.access_entries.find(principal_arn).ok_or(EksError::AccessEntryNotFound)?;
        let entry = json!({
            "clusterName": name,
            "principalArn": entry.principal_arn(),
            "kubernetesGroups": entry.groups,
            "accessEntryArn": entry.arn(self.region.as_str(), name),
            "createdAt": self.created_at,
            "modifiedAt": self.created_at,
            "tags": {},
            "username": entry.user_name,
            "type": "STANDARD",
        });
        Ok(Json(json!({ "accessEntry": entry })).into_response())
    }

    /// That the cluster is ours, and has access entries at all.
    fn check_access_entries(&self, name: &str) -> Result<(), EksError> {
        self.check_cluster(name)?;
        if self.authentication_mode.has_access_entries() {
            Ok(())
        } else {
            Err(EksError::NoAccessEntries)
        }
    }
}
