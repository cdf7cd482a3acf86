//! Which labels a pod must have: `app=web,tier!=cache,zone in (a, b),!canary`.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors>

use std::collections::BTreeMap;

use crate::sandbox::kubernetes::status::Status;

/// All of these must hold. Without any, every pod is selected.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LabelSelector(Vec<Requirement>);

#[derive(Debug, PartialEq, Eq)]
enum Requirement {
    Exists(String),
    Absent(String),
    In(String, Vec<String>),
    /// Holds where there is no such label, too.
    NotIn(String, Vec<String>),
}

impl LabelSelector {
    /// 400 where the text cannot be read.
    pub(super) fn parse(text: &str) -> Result<Self, Status> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let requirements = split(text).into_iter().map(|text| Requirement::parse(text.trim()));
        requirements.collect::<Option<_>>().map(Self).ok_or_else(|| {
            Status::bad_request(format!("unable to parse requirement: the selector is {text:?}"))
        })
    }

    pub(super) fn selects(&self, labels: &BTreeMap<&str, String>) -> bool {
        self.0.iter().all(|requirement| requirement.holds(labels))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Requirement {
    fn parse(text: &str) -> Option<Self> {
        if let Some(key) = text.strip_prefix('!') {
            return Some(Self::Absent(key_of(key)?));
        }
        if let Some((key, value)) = text.split_once("!=") {
            return Some(Self::NotIn(key_of(key)?, vec![value_of(value)?]));
        }
        if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
            return Some(Self::In(key_of(key)?, vec![value_of(value)?]));
        }
        let Some((key, set)) = text.split_once(char::is_whitespace) else {
            return Some(Self::Exists(key_of(text)?));
        };
        let (key, set) = (key_of(key)?, set.trim());
        match set.strip_prefix("notin") {
            Some(values) => Some(Self::NotIn(key, values_of(values)?)),
            None => Some(Self::In(key, values_of(set.strip_prefix("in")?)?)),
        }
    }

    fn holds(&self, labels: &BTreeMap<&str, String>) -> bool {
        let is_one_of = |key: &str, values: &[String]| {
            labels.get(key).is_some_and(|value| values.contains(value))
        };
        match self {
            Self::Exists(key) => labels.contains_key(key.as_str()),
            Self::Absent(key) => !labels.contains_key(key.as_str()),
            Self::In(key, values) => is_one_of(key, values),
            Self::NotIn(key, values) => !is_one_of(key, values),
        }
    }
}

/// At the commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    let mut within = false;
    text.split(|char: char| {
        match char {
            '(' => within = true,
            ')' => within = false,
            _ => {}
        }
        char == ',' && !within
    })
    .collect()
}

fn key_of(text: &str) -> Option<String> {
    let text = text.trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    (!text.is_empty() && text.bytes().all(is_name)).then(|| text.to_owned())
}

/// A value may be empty.
fn value_of(text: &str) -> Option<String> {
    let text = text.trim();
    let is_value = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (text.len() <= 63 && text.bytes().all(is_value)).then(|| text.to_owned())
}

fn values_of(text: &str) -> Option<Vec<String>> {
    text.trim().strip_prefix('(')?.strip_suffix(')')?.split(',').map(value_of).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::LabelSelector;

    fn selects(selector: &str) -> bool {
        let labels = BTreeMap::from([("app", "web".to_owned()), ("a.b/tier", "front".to_owned())]);
        LabelSelector::parse(selector).expect("a selector").selects(&labels)
    }

    #[test]
    fn requirements_that_hold() {
        for selector in [
            "",
            "app",
            "!canary",
            "app=web",
            "app == web",
            "app!=api",
            "zone!=a",
            "app in (api,web)",
            "app in(web)",
            "app notin (api, worker)",
            "zone notin (a)",
            "app=web,a.b/tier in (front, back),!canary",
        ] {
            assert!(selects(selector), "{selector}");
        }
    }

    #[test]
    fn requirements_that_do_not() {
        for selector in
            ["zone", "!app", "app=api", "app!=web", "app in (api)", "app notin (web)", "app,zone"]
        {
            assert!(!selects(selector), "{selector}");
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for selector in ["app=", "=", "app=a=b", "app in web", "app in (web", "app,,tier", "a b c"]
        {
            let parsed = LabelSelector::parse(selector);
            assert_eq!(parsed.is_ok(), selector == "app=", "{selector}");
        }
    }
}
