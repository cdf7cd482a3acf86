//! Makes pods out of numbers: the same ones every time.

use std::collections::BTreeMap;

use super::history::FIRST_RESOURCE_VERSION;
use super::pod::{Node, Owner, Pod};
use super::pod_name::PodName;
use super::workload::{Controller, State, UNMANAGED, WORKLOADS, Workload};

/// What Kubernetes draws the ends of names from: nothing that could spell a word.
const NAME_ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `count` pods as of `now`, by namespace and name. Each workload has its turn.
pub(super) fn pods(count: usize, region: &str, now: u64) -> Vec<Pod> {
    let mut pods: Vec<Pod> = WORKLOADS
        .iter()
        .cycle()
        .take(count)
        .zip(0..)
        .map(|(workload, index)| pod(workload, index, index / WORKLOADS.len() as u64, region, now))
        .collect();
    pods.sort_by(|one, other| one.key().cmp(&other.key()));
    pods
}

/// A pod that was made by itself, with the label that `kubectl run` gives.
pub(super) fn unmanaged(name: &PodName, resource_version: u64, region: &str, now: u64) -> Pod {
    let name = name.as_str().to_owned();
    // No pod of the start has such a number, and a second pod of this name is another pod.
    let index = resource_version | 1 << 63;
    Pod {
        workload: &UNMANAGED,
        namespace: UNMANAGED.namespace,
        uid: uid(mix(index)),
        resource_version,
        labels: BTreeMap::from([("run", name.clone())]),
        name,
        owner: None,
        created_at: now,
        node: Some(node(resource_version % 90, region, UNMANAGED.first)),
        state: UNMANAGED.first,
        restarts: 0,
        last_restart: now,
    }
}

/// The `index`th pod of all, the `replica`th of its workload.
fn pod(workload: &'static Workload, index: u64, replica: u64, region: &str, now: u64) -> Pod {
    let dice = mix(index);
    let state = if replica == 0 { workload.first } else { state(workload.controller, dice) };
    let (age, restarts, since_restart) = history(state, dice);
    let owner = owner(workload, replica);
    Pod {
        workload,
        namespace: workload.namespace,
        name: name(workload, owner.as_ref(), replica),
        uid: uid(dice),
        resource_version: FIRST_RESOURCE_VERSION,
        labels: labels(workload, owner.as_ref(), replica),
        created_at: now.saturating_sub(age),
        node: (state != State::Unschedulable).then(|| node(index, region, state)),
        state,
        restarts,
        last_restart: now.saturating_sub(since_restart),
        owner,
    }
}

/// Mostly they run.
fn state(controller: Controller, dice: u64) -> State {
    match (controller, dice % 100) {
        (Controller::Job, 0..85) => State::Completed,
        (Controller::Job, _) => State::Error,
        (_, 0..92) => State::Running,
        (_, 92..95) => State::CrashLoopBackOff,
        (_, 95..97) => State::ContainerCreating,
        (Controller::ReplicaSet | Controller::StatefulSet, 97..99) => State::Unschedulable,
        _ => State::ImagePullBackOff,
    }
}

/// Age, number of restarts, and how long ago the last one was; in seconds.
fn history(state: State, dice: u64) -> (u64, u32, u64) {
    match state {
        State::Running if dice % 7 == 3 => (9 * DAY + dice % DAY, 1, 2 * DAY + dice % HOUR),
        State::Running => (HOUR + dice % (20 * DAY), 0, 0),
        State::CrashLoopBackOff => (3 * HOUR + dice % HOUR, 38, dice % (5 * MINUTE)),
        State::ImagePullBackOff => (25 * MINUTE + dice % HOUR, 0, 0),
        State::ContainerCreating => (dice % 20, 0, 0),
        State::Unschedulable => (2 * MINUTE + dice % HOUR, 0, 0),
        State::Completed | State::Error => (5 * HOUR + dice % (3 * DAY), 0, 0),
    }
}

/// Jobs have one pod each, the others many.
fn owner(workload: &Workload, replica: u64) -> Option<Owner> {
    let seed = seed(workload);
    let (api_version, kind) = match workload.controller {
        Controller::DaemonSet => ("apps/v1", "DaemonSet"),
        Controller::Job => ("batch/v1", "Job"),
        Controller::ReplicaSet => ("apps/v1", "ReplicaSet"),
        Controller::StatefulSet => ("apps/v1", "StatefulSet"),
        Controller::Nobody => return None,
    };
    let name = match workload.controller {
        // As a CronJob names them: by the minute they were due.
        Controller::Job => format!("{}-{}", workload.name, 29_000_000 + replica * 1440),
        Controller::ReplicaSet => format!("{}-{}", workload.name, letters::<9>(seed)),
        _ => workload.name.to_owned(),
    };
    Some(Owner { api_version, kind, name, uid: uid(seed ^ replica) })
}

fn name(workload: &Workload, owner: Option<&Owner>, replica: u64) -> String {
    /// Shares no factor with 27: within 27⁵ replicas, no two have the same letters.
    const STRIDE: u64 = 7_654_321;
    let owner = owner.map_or(workload.name, |owner| owner.name.as_str());
    match workload.controller {
        Controller::StatefulSet => format!("{owner}-{replica}"),
        // The first of each begins elsewhere; small enough not to overflow with what is added.
        _ => format!("{owner}-{}", letters::<5>(seed(workload) % (1 << 32) + replica * STRIDE)),
    }
}

/// A workload's own number.
fn seed(workload: &Workload) -> u64 {
    workload.name.bytes().fold(0, |seed, byte| mix(seed ^ u64::from(byte)))
}

fn labels(
    workload: &Workload,
    owner: Option<&Owner>,
    replica: u64,
) -> BTreeMap<&'static str, String> {
    let owner = owner.map_or(workload.name, |owner| owner.name.as_str());
    let mut labels = BTreeMap::from([
        ("app", workload.name.to_owned()),
        ("app.kubernetes.io/name", workload.name.to_owned()),
        ("tier", workload.tier.to_owned()),
    ]);
    let hash = || owner.rsplit('-').next().unwrap_or_default().to_owned();
    match workload.controller {
        Controller::DaemonSet => {
            labels.insert("pod-template-generation", "1".to_owned());
        }
        Controller::Job => {
            labels.insert("batch.kubernetes.io/job-name", owner.to_owned());
        }
        Controller::ReplicaSet => {
            labels.insert("pod-template-hash", hash());
        }
        Controller::StatefulSet => {
            labels.insert("apps.kubernetes.io/pod-index", replica.to_string());
        }
        Controller::Nobody => {}
    }
    labels
}

/// Some thirty pods a node, as the smaller instances of EC2 take.
fn node(index: u64, region: &str, state: State) -> Node {
    let number = index % 3 + index / 90 * 3;
    let (subnet, host) = (number / 200 % 100, 10 + number % 200);
    let dice = mix(index ^ u64::MAX);
    let pod_address = format!("10.0.{}.{}", 100 + dice % 100, 1 + dice / 100 % 250);
    let address = format!("10.0.{subnet}.{host}");
    Node {
        name: format!("ip-{}.{region}.compute.internal", address.replace('.', "-")),
        address,
        pod_address: (state != State::ContainerCreating).then_some(pod_address),
    }
}

/// The lowest digits of `number` to the base of 27.
fn letters<const LENGTH: usize>(mut number: u64) -> String {
    let base = NAME_ALPHABET.len() as u64;
    let mut text = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        let letter = usize::try_from(number % base).ok().and_then(|i| NAME_ALPHABET.get(i));
        // The remainder is always within the alphabet.
        text.push(char::from(*letter.unwrap_or(&b'x')));
        number /= base;
    }
    text
}

/// In the form of a random UUID (RFC 9562), without the randomness.
fn uid(seed: u64) -> String {
    let (high, low) = (mix(seed ^ 1), mix(seed ^ 2));
    let (group, rest) = (high >> 32, high & 0xffff_ffff);
    let variant = 0x8000 | low >> 48 & 0x3fff;
    format!(
        "{group:08x}-{:04x}-4{:03x}-{variant:04x}-{:012x}",
        rest >> 16,
        rest & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// A number that looks random, and is the same every time (the finalizer of `SplitMix64`).
const fn mix(seed: u64) -> u64 {
    let mut number = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::pods;

    #[test]
    fn there_are_as_many_as_asked_for_in_order_and_each_of_its_own_name() {
        for count in [0, 1, 12, 20_000] {
            let pods = pods(count, "eu-central-1", 1_700_000_000);
            assert_eq!(pods.len(), count);
            assert!(pods.is_sorted_by(|one, other| one.key() < other.key()));
            let uids: BTreeSet<&str> = pods.iter().map(|pod| pod.uid.as_str()).collect();
            assert_eq!(uids.len(), count);
        }
    }

    #[test]
    fn they_are_the_same_every_time() {
        let names = |now| {
            let pods = pods(100, "eu-central-1", now);
            pods.into_iter().map(|pod| pod.name).collect::<Vec<_>>()
        };
        assert_eq!(names(1_700_000_000), names(1_700_000_001));
    }
}
