//! The report for people.

use std::fmt::Write as _;

use eks_token_host::{Claims, Inspection, Rejection};

use crate::moment::{relative, rfc3339};

/// A line a fact, the verdict last.
pub(super) fn write(inspection: &Inspection, now: u64) -> String {
    let mut lines = Lines::default();
    if let Some(claims) = &inspection.claims {
        write_claims(&mut lines, claims, now);
    }
    match &inspection.server {
        Ok(()) => lines.add("server", "accepts it, if STS does and this is the cluster it names"),
        Err(rejection) => lines.add("server", &format!("refuses it: {}", reason(rejection, now))),
    }
    match inspection.findings.as_slice() {
        [] => lines.add("STS", "nothing that it would refuse, but for what only STS knows"),
        findings => {
            for finding in findings {
                lines.add("STS", &format!("refuses it: {}", finding.message));
            }
        }
    }
    lines.0
}

fn write_claims(lines: &mut Lines, claims: &Claims, now: u64) {
    const UNKNOWN: &str = "unknown";
    let moment = |at: u64| format!("{} ({})", rfc3339(at), relative(at, now));
    lines.add("STS host", &claims.sts_host);
    lines.add("region", claims.region.as_deref().unwrap_or(UNKNOWN));
    lines.add("partition", claims.partition.map_or(UNKNOWN, |partition| partition.name()));
    lines.add("access key id", claims.access_key_id.as_deref().unwrap_or(UNKNOWN));
    lines.add("session token", if claims.has_session_token { "yes" } else { "no" });
    lines.add("signed", &claims.signed_at.map_or_else(|| UNKNOWN.to_owned(), moment));
    lines.add("refused from", &claims.refused_from.map_or_else(|| UNKNOWN.to_owned(), moment));
    lines.add("signed headers", &claims.signed_headers.join(", "));
}

/// With a time that people can read.
fn reason(rejection: &Rejection, now: u64) -> String {
    match rejection {
        Rejection::Expired(at) => format!(
            "it expired at {} ({}), 15 minutes after it was signed; make a new one",
            rfc3339(*at),
            relative(*at, now)
        ),
        other => other.to_string(),
    }
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, label: &str, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{label:<16}{}", printable(text));
    }
}

/// Whoever made the token chose the texts in it: none may steer the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char })
        .collect()
}
