//! The report for programs.

use eks_token_host::{Claims, Finding, Inspection, Partition};
use serde_json::{Value, json};

use super::is_accepted;
use crate::moment::rfc3339;

/// One object, with a line end. Times are RFC 3339; `checkedAt` is the one that was judged by.
pub(super) fn write(inspection: &Inspection, now: u64) -> String {
    let server = match &inspection.server {
        Ok(()) => json!({ "accepted": true }),
        Err(rejection) => json!({
            "accepted": false,
            "code": rejection.code(),
            "reason": rejection.to_string(),
        }),
    };
    let report = json!({
        "accepted": is_accepted(inspection),
        "checkedAt": rfc3339(now),
        "claims": inspection.claims.as_ref().map(claims),
        "findings": inspection.findings.iter().map(finding).collect::<Vec<_>>(),
        "server": server,
    });
    format!("{report:#}\n")
}

fn claims(claims: &Claims) -> Value {
    json!({
        "stsHost": claims.sts_host,
        "region": claims.region,
        "partition": claims.partition.map(Partition::name),
        "accessKeyId": claims.access_key_id,
        "hasSessionToken": claims.has_session_token,
        "signedAt": claims.signed_at.map(rfc3339),
        "refusedFrom": claims.refused_from.map(rfc3339),
        "signedHeaders": claims.signed_headers,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({ "code": finding.code, "message": finding.message })
}
