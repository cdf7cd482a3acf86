//! Where a list goes on: the last pod that was sent, and the version of the list that it was of.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::sandbox::kubernetes::status::Status;

/// The tag of the form that is in use.
const FORM: &str = "meta.k8s.io/v1";

/// A namespace and a name: the list goes on behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Continuation {
    /// Of the list: what was made or deleted later does not show.
    pub(super) resource_version: u64,
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Continuation {
    /// As the parameter `continue`.
    pub(super) fn to_text(&self) -> String {
        let start = format!("{}/{}\0", self.namespace, self.name);
        let form = json!({ "v": FORM, "rv": self.resource_version, "start": start });
        URL_SAFE_NO_PAD.encode(form.to_string())
    }

    /// 400 for what is no continuation, 410 for one that nothing can be made of any more.
    pub(super) fn parse(text: &str) -> Result<Self, Status> {
        let form = read(text).ok_or_else(|| {
            Status::bad_request("continue key is not valid: begin the list again".to_owned())
        })?;
        let resource_version =
            form.get("rv").and_then(Value::as_u64).ok_or_else(Status::expired)?;
        let start = form.get("start").and_then(Value::as_str);
        let (namespace, name) = start
            .and_then(|start| start.strip_suffix('\0')?.split_once('/'))
            .ok_or_else(Status::expired)?;
        Ok(Self { resource_version, namespace: namespace.to_owned(), name: name.to_owned() })
    }
}

fn read(text: &str) -> Option<Value> {
    let form: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    (form.get("v").and_then(Value::as_str) == Some(FORM)).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::Continuation;

    #[test]
    fn a_continuation_survives_the_way_there_and_back() {
        let continuation =
            Continuation { resource_version: 7, namespace: "a".to_owned(), name: "b".to_owned() };
        let parsed = Continuation::parse(&continuation.to_text());
        assert_eq!(parsed.expect("one of ours"), continuation);
    }

    #[test]
    fn another_is_refused() {
        assert!(Continuation::parse("!").is_err());
        assert!(Continuation::parse("e30").is_err());
    }
}
