//! The pods at every version of the cluster that is kept, and what happened in between: what etcd
//! is to kube-apiserver.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>

use std::collections::VecDeque;
use std::sync::Arc;

use super::pod::Pod;

/// The version of the cluster at its start, and of all pods that are there then.
pub(super) const FIRST_RESOURCE_VERSION: u64 = 4711;

/// What a pod is found by, and lists are ordered by: namespace and name.
pub(super) type Key<'a> = (&'a str, &'a str);

/// All versions that are kept. Each change makes a new one.
pub(super) struct History {
    /// By key, and those of one key in the order they lived in.
    lives: Vec<Life>,
    /// The last ones, oldest first: those behind `oldest`.
    changes: VecDeque<Change>,
    /// How many changes are kept.
    kept: usize,
    current: u64,
    oldest: u64,
}

/// A pod from its creation on: its resource version is that of the cluster then.
struct Life {
    pod: Arc<Pod>,
    deleted_at: Option<u64>,
}

/// Something happened to a pod.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) kind: ChangeKind,
    /// With the resource version of the change.
    pub(super) pod: Arc<Pod>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangeKind {
    Added,
    Deleted,
}

/// What was at that version is not kept any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooOld {
    /// The oldest version that is.
    pub(super) oldest: u64,
}

impl History {
    /// Begins with `pods`, which are in order, and will keep the last `kept` changes.
    pub(super) fn begin(pods: Vec<Pod>, kept: usize) -> Self {
        let live = |pod| Life { pod: Arc::new(pod), deleted_at: None };
        Self {
            lives: pods.into_iter().map(live).collect(),
            changes: VecDeque::new(),
            kept,
            current: FIRST_RESOURCE_VERSION,
            oldest: FIRST_RESOURCE_VERSION,
        }
    }

    /// The version of the cluster as it is.
    pub(super) const fn current(&self) -> u64 {
        self.current
    }

    pub(super) fn find(&self, key: Key<'_>) -> Option<&Pod> {
        self.live(key).map(|index| &*self.lives[index].pod)
    }

    /// The pods of a version, in order; those behind a key where one is given.
    pub(super) fn at(
        &self,
        version: u64,
        behind: Option<Key<'_>>,
    ) -> Result<impl Iterator<Item = &Arc<Pod>>, TooOld> {
        self.check(version)?;
        let begin =
            behind.map_or(0, |key| self.lives.partition_point(|life| life.pod.key() <= key));
        let lives = self.lives.iter().skip(begin).filter(move |life| life.is_at(version));
        Ok(lives.map(|life| &life.pod))
    }

    /// The first change behind a version, if there has been one.
    pub(super) fn after(&self, version: u64) -> Result<Option<&Change>, TooOld> {
        self.check(version)?;
        Ok(self.changes.get(self.changes.partition_point(|change| change.version() <= version)))
    }

    /// Adds the pod that `make` makes for the version it is given. False where the key is taken.
    pub(super) fn insert(&mut self, key: Key<'_>, make: impl FnOnce(u64) -> Pod) -> bool {
        if self.live(key).is_some() {
            return false;
        }
        let pod = Arc::new(make(self.current + 1));
        let index = self.lives.partition_point(|life| life.pod.key() <= key);
        self.lives.insert(index, Life { pod: Arc::clone(&pod), deleted_at: None });
        self.push(Change { kind: ChangeKind::Added, pod });
        true
    }

    /// False where there is no such pod.
    pub(super) fn remove(&mut self, key: Key<'_>) -> bool {
        let Some(index) = self.live(key) else { return false };
        let version = self.current + 1;
        let life = &mut self.lives[index];
        life.deleted_at = Some(version);
        let pod = Arc::new(Pod { resource_version: version, ..(*life.pod).clone() });
        self.push(Change { kind: ChangeKind::Deleted, pod });
        true
    }

    fn live(&self, key: Key<'_>) -> Option<usize> {
        // Of those with this key, only the last one can be alive.
        let index = self.lives.partition_point(|life| life.pod.key() <= key).checked_sub(1)?;
        let life = &self.lives[index];
        (life.pod.key() == key && life.deleted_at.is_none()).then_some(index)
    }

    fn push(&mut self, change: Change) {
        self.current = change.version();
        self.changes.push_back(change);
        if self.changes.len() <= self.kept {
            return;
        }
        let Some(forgotten) = self.changes.pop_front() else { return };
        self.oldest = forgotten.version();
        if forgotten.kind == ChangeKind::Deleted {
            let oldest = self.oldest;
            self.lives.retain(|life| life.deleted_at.is_none_or(|version| version > oldest));
        }
    }

    fn check(&self, version: u64) -> Result<(), TooOld> {
        if version < self.oldest { Err(TooOld { oldest: self.oldest }) } else { Ok(()) }
    }
}

impl Life {
    fn is_at(&self, version: u64) -> bool {
        self.pod.resource_version <= version
            && self.deleted_at.is_none_or(|deleted_at| version < deleted_at)
    }
}

impl Change {
    /// The version of the cluster that it made.
    pub(super) fn version(&self) -> u64 {
        self.pod.resource_version
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, FIRST_RESOURCE_VERSION as FIRST, History, TooOld};
    use crate::sandbox::kubernetes::pods::generate;
    use crate::sandbox::kubernetes::pods::pod_name::PodName;

    fn create(history: &mut History, name: &str) -> bool {
        let pod_name = PodName::try_from(name).expect("a name");
        history.insert(("default", name), |version| {
            generate::unmanaged(&pod_name, version, "eu-central-1", 1_700_000_000)
        })
    }

    fn names(history: &History, version: u64) -> Result<Vec<String>, TooOld> {
        Ok(history.at(version, None)?.map(|pod| pod.name.clone()).collect())
    }

    #[test]
    fn every_version_stays_what_it_was() {
        let mut history = History::begin(Vec::new(), 10);
        assert!(create(&mut history, "b"));
        assert!(create(&mut history, "a"));
        assert!(!create(&mut history, "a"), "it is there");
        assert!(history.remove(("default", "b")));
        assert!(!history.remove(("default", "b")), "it is gone");
        assert!(create(&mut history, "b"));
        let expected: [&[&str]; 5] = [&[], &["b"], &["a", "b"], &["a"], &["a", "b"]];
        for (version, expected) in (FIRST..).zip(expected) {
            assert_eq!(names(&history, version).expect("it is kept"), expected, "{version}");
        }
        let again = history.find(("default", "b")).expect("it is there");
        assert_eq!(again.resource_version, FIRST + 4);
        let behind = history.at(history.current(), Some(("default", "a"))).expect("it is kept");
        assert_eq!(behind.map(|pod| pod.name.as_str()).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn changes_follow_each_other() {
        let mut history = History::begin(Vec::new(), 10);
        create(&mut history, "a");
        history.remove(("default", "a"));
        let after = |version| {
            let change = history.after(version).expect("it is kept");
            change.map(|change| (change.kind, change.version()))
        };
        assert_eq!(after(FIRST), Some((ChangeKind::Added, FIRST + 1)));
        assert_eq!(after(FIRST + 1), Some((ChangeKind::Deleted, FIRST + 2)));
        assert_eq!(after(FIRST + 2), None);
        assert_eq!(after(FIRST + 9), None);
    }

    #[test]
    fn what_is_too_old_is_forgotten() {
        let mut history = History::begin(Vec::new(), 2);
        for _ in 0..3 {
            create(&mut history, "a");
            history.remove(("default", "a"));
        }
        let oldest = FIRST + 4;
        assert_eq!(names(&history, oldest - 1), Err(TooOld { oldest }));
        assert!(history.after(oldest - 1).is_err());
        assert_eq!(names(&history, oldest), Ok(Vec::new()));
        assert_eq!(names(&history, oldest + 1), Ok(vec!["a".to_owned()]));
        assert_eq!(history.lives.len(), 1, "only what a kept version shows");
    }
}
