//! Random mutations of good tokens, judged by `inspect` and by a second reading of the same rules:
//! the same verdict, with the same payload, each time.
//!
//! The second reading is in `tests/naive`. A run in which some case of `Rejection` was hardly met
//! fails. The seed is fixed; `TEST_SEED=NUMBER` takes another.

mod common;
mod mutations;
mod naive;

use std::collections::BTreeMap;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{region, seeded_runner};
use eks_token_signer::{
    Claims, EndpointFeatures, PREFIX, Partition, Rejection, StsEndpoint, Token, TokenRequest,
    inspect,
};
use mutations::{Dice, ODD_HOSTS, ROWS, mutate};

const MUTATIONS: u32 = 100_000;
const THREADS: u32 = 4;
/// How many mutations are made of one good token.
const MUTATIONS_A_TOKEN: u32 = 50;
/// How often each verdict has to be met.
const AT_LEAST: u32 = 100;

const VERDICTS: [&str; 18] = [
    "accepted",
    "too-large",
    "missing-prefix",
    "not-base64url",
    "not-a-url",
    "unexpected-scheme",
    "unexpected-host",
    "unexpected-path",
    "malformed-query",
    "duplicate-parameter",
    "unexpected-parameter",
    "multiple-values",
    "unexpected-action",
    "cluster-not-signed",
    "invalid-expires",
    "missing-date",
    "malformed-date",
    "expired",
];

#[test]
fn a_hundred_thousand_mutations_get_the_same_verdict_twice() {
    let mut runner = seeded_runner(MUTATIONS);
    let dice: Vec<Dice> = (0..THREADS).map(|_| Dice::new(runner.new_rng())).collect();
    let met = thread::scope(|scope| {
        let workers: Vec<_> =
            dice.into_iter().map(|dice| scope.spawn(move || compare(dice))).collect();
        let mut met = BTreeMap::new();
        for worker in workers {
            for (verdict, times) in worker.join().expect("both readings agree") {
                *met.entry(verdict).or_insert(0) += times;
            }
        }
        met
    });
    println!("met: {met:#?}");
    assert_eq!(met.values().sum::<u32>(), MUTATIONS);
    for verdict in VERDICTS {
        let times = met.get(verdict).copied().unwrap_or(0);
        assert!(times >= AT_LEAST, "{verdict} was met {times} times only");
    }
}

/// One thread's share. How often each verdict was met.
fn compare(mut dice: Dice) -> BTreeMap<&'static str, u32> {
    let mut met = BTreeMap::new();
    for _ in 0..MUTATIONS / THREADS / MUTATIONS_A_TOKEN {
        let good = GoodToken::random(&mut dice);
        for _ in 0..MUTATIONS_A_TOKEN {
            let token = mutate(&good.token, &mut dice);
            let partition = dice.partition(good.partition);
            let now = dice.now(good.signed_at);
            let theirs = naive::read(&token, partition, now);
            let ours = inspect(&token, partition, now);
            let context = || {
                format!("at {now} for {partition:?}\n{token:?}\n{}", shown(&token).escape_ascii())
            };
            assert_eq!(ours.server, theirs.server, "ours and theirs, {}", context());
            assert_eq!(ours.claims.is_some(), theirs.host.is_some(), "claims, {}", context());
            if let Some(claims) = &ours.claims {
                assert!(are_claims_equal(claims, &theirs), "{claims:#?}, {}", context());
            }
            *met.entry(code(&ours.server)).or_insert(0) += 1;
        }
    }
    met
}

fn code(server: &Result<(), Rejection>) -> &'static str {
    server.as_ref().map_or_else(Rejection::code, |()| "accepted")
}

/// For a failure's message: the URL, where the token is still base64.
fn shown(token: &str) -> Vec<u8> {
    let encoded = token.strip_prefix(PREFIX).unwrap_or(token);
    URL_SAFE_NO_PAD.decode(encoded).unwrap_or_else(|_| b"(no base64)".to_vec())
}

/// The host; the date and the signed headers, where no name stands twice. What is not ASCII is left
/// out: claims replace what a terminal should not be shown.
fn are_claims_equal(claims: &Claims, theirs: &naive::Reading) -> bool {
    let host = theirs.host.as_deref().unwrap_or_default();
    if host.is_ascii() && claims.sts_host.as_bytes() != host {
        return false;
    }
    let Some((signed_headers, signed_at)) = &theirs.parameters else { return true };
    let is_printable = |name: &&Vec<u8>| name.iter().all(|byte| (b' '..=b'~').contains(byte));
    let expected: Vec<&Vec<u8>> = signed_headers.iter().filter(|name| !name.is_empty()).collect();
    claims.signed_at == *signed_at
        && claims.signed_headers.len() == expected.len()
        && claims
            .signed_headers
            .iter()
            .zip(expected)
            .all(|(ours, theirs)| !is_printable(&theirs) || ours.as_bytes() == theirs)
}

/// A token as this crate makes them, before anything happens to it.
struct GoodToken {
    token: String,
    partition: Partition,
    signed_at: u64,
}

impl GoodToken {
    fn random(dice: &mut Dice) -> Self {
        let [partition, region_name, _] = dice.pick(&ROWS);
        let partition = Partition::try_from(partition).expect("a partition");
        let features = EndpointFeatures { fips: dice.one_in(3), dual_stack: dice.one_in(3) };
        let endpoint = if partition == Partition::Aws && dice.one_in(3) {
            StsEndpoint::Global
        } else if dice.one_in(10) {
            let host = dice.pick(&ODD_HOSTS[..4]).to_string();
            let host = host.try_into().expect("a host");
            StsEndpoint::Custom { host, signing_region: region(region_name) }
        } else {
            StsEndpoint::Regional(features)
        };
        let signed_at = match dice.below(10) {
            0 => dice.number_below(2000),
            1 => dice.number_below(200_000) * 86_400,
            _ => 1_500_000_000 + dice.number_below(1_000_000_000),
        };
        let session_token = match dice.below(10) {
            0..=4 => None,
            5..=8 => Some(dice.below(600) + 1),
            _ => Some(dice.below(900) + 1900),
        };
        let session_token = session_token.map(|length| dice.base64(length));
        let id = if session_token.is_some() { "ASIAEXAMPLE" } else { "AKIDEXAMPLE" };
        let credentials = common::credentials(id, "secret", session_token.as_deref());
        let request =
            TokenRequest { endpoint, ..common::request("my-cluster", region_name, signed_at) };
        let token = Token::new(&credentials, &request).expect("a token").value;
        Self { token, partition, signed_at }
    }
}
