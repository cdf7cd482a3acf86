//! A kubeconfig, and how entries get into one.
//!
//! As the AWS CLI merges (`awscli/customizations/eks/kubeconfig.py`): an entry takes the place of
//! the one of its name, or the last place, and the new context becomes the current one. What it
//! loses and this keeps: what stands in an existing cluster or context beside what is new.

use super::document::{Document, write};

/// A kubeconfig of the right shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kubeconfig(Document);

/// A cluster, a user, and the context of both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entries {
    pub(super) cluster: Document,
    pub(super) user: Document,
    pub(super) context: Document,
}

/// A key whose value is of the wrong kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{key} must be {allowed}")]
pub(crate) struct WrongShape {
    key: &'static str,
    allowed: &'static str,
}

const LISTS: [&str; 3] = ["clusters", "contexts", "users"];

impl Default for Kubeconfig {
    /// One with nothing in it.
    fn default() -> Self {
        Self(Document::map([
            ("apiVersion", "v1".into()),
            ("clusters", Document::List(Vec::new())),
            ("contexts", Document::List(Vec::new())),
            ("current-context", "".into()),
            ("kind", "Config".into()),
            ("preferences", Document::Map(Vec::new())),
            ("users", Document::List(Vec::new())),
        ]))
    }
}

impl TryFrom<Document> for Kubeconfig {
    type Error = WrongShape;

    fn try_from(document: Document) -> Result<Self, WrongShape> {
        let wrong = |key, allowed| Err(WrongShape { key, allowed });
        if !matches!(document, Document::Map(_)) {
            return wrong("the file", "a mapping");
        }
        for key in ["apiVersion", "current-context", "kind"] {
            if !matches!(document.get(key), None | Some(Document::Null | Document::Text(_))) {
                return wrong(key, "a text");
            }
        }
        for key in LISTS {
            match document.get(key) {
                None | Some(Document::Null) => {}
                Some(Document::List(entries))
                    if entries.iter().all(|entry| matches!(entry, Document::Map(_))) => {}
                Some(_) => return wrong(key, "a list of mappings"),
            }
        }
        if !matches!(document.get("preferences"), None | Some(Document::Null | Document::Map(_))) {
            return wrong("preferences", "a mapping");
        }
        Ok(Self(document))
    }
}

impl Kubeconfig {
    pub(super) fn has_cluster(&self, name: &str) -> bool {
        let Some(Document::List(clusters)) = self.0.get("clusters") else { return false };
        clusters.iter().any(|cluster| has_name(cluster, name))
    }

    /// Puts the entries in, and makes their context the current one.
    pub(super) fn insert(&mut self, entries: &Entries) {
        self.insert_entry("clusters", entries.cluster.clone(), "cluster");
        // A user is replaced whole: what made tokens before must not stay beside what makes them.
        self.insert_entry("users", entries.user.clone(), "");
        self.insert_entry("contexts", entries.context.clone(), "context");
        if let Some(name) = entries.context.get("name") {
            self.0.set("current-context", name.clone());
        }
    }

    /// What stands under `kept` in the entry of the same name stays, unless it is set anew.
    fn insert_entry(&mut self, list: &str, mut entry: Document, kept: &str) {
        if !matches!(self.0.get(list), Some(Document::List(_))) {
            self.0.set(list, Document::List(Vec::new()));
        }
        let Some(Document::List(entries)) = self.0.get_mut(list) else { return };
        let name = entry.get("name").and_then(Document::as_text).unwrap_or_default().to_owned();
        match entries.iter_mut().find(|old| has_name(old, &name)) {
            None => entries.push(entry),
            Some(old) => {
                if let (Some(before), Some(now)) = (old.get(kept), entry.get_mut(kept)) {
                    keep(before, now);
                }
                *old = entry;
            }
        }
    }

    /// As YAML.
    pub(super) fn write(&self) -> Result<String, serde_saphyr::ser::Error> {
        write(&self.0)
    }
}

fn has_name(entry: &Document, name: &str) -> bool {
    entry.get("name").and_then(Document::as_text) == Some(name)
}

fn keep(before: &Document, now: &mut Document) {
    /// Other ways to say what is set anew.
    const REPLACED: [&str; 2] = ["certificate-authority", "insecure-skip-tls-verify"];
    // A context that led to another cluster has a namespace of that one.
    if before.get("cluster") != now.get("cluster") {
        return;
    }
    let Document::Map(before) = before else { return };
    for (key, value) in before {
        if now.get(key).is_none() && !REPLACED.contains(&key.as_str()) {
            now.set(key, value.clone());
        }
    }
}
