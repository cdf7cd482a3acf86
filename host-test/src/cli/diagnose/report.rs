//! A diagnosis for people, and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::step::{Diagnosis, Outcome, Step};

/// A line a step.
pub(super) fn text(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    for step in Step::ALL {
        let (mark, detail) = match outcome(diagnosis, step) {
            Some(Outcome::Passed(detail)) => ("ok", detail.as_str()),
            Some(Outcome::Unknown(detail)) => ("unknown", detail.as_str()),
            Some(Outcome::Broken { message, .. }) => ("BROKEN", message.as_str()),
            None => ("-", "not looked at"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<12} {mark:<8} {detail}", step.name());
    }
    text
}

/// One object, with a line end.
pub(super) fn json(diagnosis: &Diagnosis) -> String {
    let steps: Vec<Value> = diagnosis
        .0
        .iter()
        .map(|(step, outcome)| {
            let (status, code, message) = match outcome {
                Outcome::Passed(detail) => ("ok", None, detail),
                Outcome::Unknown(detail) => ("unknown", None, detail),
                Outcome::Broken { code, message } => ("broken", Some(*code), message),
            };
            json!({"step": step.name(), "status": status, "code": code, "message": message})
        })
        .collect();
    let broken = diagnosis.0.iter().find_map(|(step, outcome)| match outcome {
        Outcome::Broken { code, .. } => Some((step.name(), *code)),
        _ => None,
    });
    let report = json!({
        "healthy": broken.is_none(),
        "brokenStep": broken.map(|(step, _)| step),
        "code": broken.map(|(_, code)| code),
        "steps": steps,
    });
    format!("{report:#}\n")
}

fn outcome(diagnosis: &Diagnosis, step: Step) -> Option<&Outcome> {
    diagnosis.0.iter().find(|(walked, _)| *walked == step).map(|(_, outcome)| outcome)
}
