//! Random valid requests, signed by us and by the crate aws-sigv4: the same signature and the same
//! canonical query, each time.
//!
//! `verify` then recognises each token, and `inspect` finds nothing wrong with it at the time of
//! its signature. The seed is fixed; `TEST_SEED=NUMBER` takes another.

mod common;

use std::cell::Cell;

use common::oracle::{Question, SignedElsewhere};
use common::{cluster, parameters, region, seeded_runner, time, url_of};
use eks_token_signer::sigv4::PathStyle;
use eks_token_signer::{
    Credentials, Day, DayKey, EndpointFeatures, Finding, Lifetime, MAX_LENGTH, Partition, Region,
    Rejection, SigningMaterial, StsEndpoint, Token, TokenRequest, UrlExpiry, inspect, verify,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;

const CASES: u32 = 10_000;

/// Every region of botocore; the first two columns are the partition and the region.
const REGIONS: &str = include_str!("data/sts_endpoints.csv");

const LAST_SECOND: u64 = 253_402_300_799;

#[test]
fn ten_thousand_random_requests_agree_with_aws_sigv4() {
    let rare = Rare::default();
    let result = seeded_runner(CASES).run(&case(), |case| {
        let token = Token::new(&case.credentials(), &case.request())
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        agrees_with_oracle(&case, &token)?;
        lives_as_long_as_it_should(&case, &token)?;
        is_recognised(&case, &token)?;
        is_accepted(&case, &token)?;
        rare.note(&case, &token);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    rare.assert_met();
}

/// How often the rarer kinds of request were met: a test that never meets one tests nothing.
#[derive(Debug, Default)]
struct Rare {
    too_large: Cell<u32>,
    longest_session_token: Cell<u32>,
    blanks_to_fold: Cell<u32>,
    capped_by_credentials: Cell<u32>,
    global: Cell<u32>,
    iso_dual_stack: Cell<u32>,
    custom: Cell<u32>,
    last_day: Cell<u32>,
}

impl Rare {
    fn note(&self, case: &Case, token: &Token) {
        let count = |counter: &Cell<u32>, met: bool| counter.set(counter.get() + u32::from(met));
        count(&self.too_large, token.value.len() > MAX_LENGTH);
        let length = case.session_token.as_ref().map_or(0, String::len);
        count(&self.longest_session_token, length == 16_384);
        let folds = case.cluster.contains("  ") || case.cluster.starts_with(' ');
        count(&self.blanks_to_fold, folds);
        let is_capped = case.credentials_expire_at() == Some(token.expires_at);
        count(&self.capped_by_credentials, is_capped);
        count(&self.last_day, case.signed_at > LAST_SECOND - 86_400);
        let (global, iso_dual_stack) = match &case.endpoint {
            Endpoint::Known { endpoint: StsEndpoint::Global, .. } => (true, false),
            Endpoint::Known { region, endpoint: StsEndpoint::Regional(features) } => {
                (false, features.dual_stack && is_iso(region))
            }
            _ => (false, false),
        };
        count(&self.global, global);
        count(&self.iso_dual_stack, iso_dual_stack);
        count(&self.custom, matches!(case.endpoint, Endpoint::Custom { .. }));
    }

    fn assert_met(&self) {
        println!("met: {self:?}");
        for counter in [
            &self.too_large,
            &self.longest_session_token,
            &self.blanks_to_fold,
            &self.capped_by_credentials,
            &self.global,
            &self.iso_dual_stack,
            &self.custom,
            &self.last_day,
        ] {
            assert!(counter.get() > 0, "{self:?}");
        }
    }
}

/// One signer is ours, the other is not: what they must agree on is all that is signed (the
/// canonical query is what the URL shows) and the signature.
fn agrees_with_oracle(case: &Case, token: &Token) -> Result<(), TestCaseError> {
    let request = case.request();
    let (host, signing_region) = request.endpoint.resolve(&request.region).expect("resolves");
    let theirs = sign_elsewhere(case, host.as_str(), signing_region.as_str());
    let ours = url_of(&token.value);
    let (head, signature) = ours.rsplit_once("&X-Amz-Signature=").expect("a signature");
    prop_assert_eq!(signature, theirs.signature);
    prop_assert_eq!(parameters(&ours), parameters(&theirs.url));
    prop_assert_eq!(head, format!("https://{}/?{}", host.as_str(), theirs.canonical_query));
    Ok(())
}

fn sign_elsewhere(case: &Case, host: &str, signing_region: &str) -> SignedElsewhere {
    let question = Question {
        access_key_id: &case.access_key_id,
        secret: &case.secret,
        session_token: case.session_token.as_deref(),
        region: signing_region,
        service: "sts",
        signed_at: case.signed_at,
        expires_in: case.url_expires_in,
        method: "GET",
        url: &format!("https://{host}/?Action=GetCallerIdentity&Version=2011-06-15"),
        path_style: PathStyle::AsIs,
        headers: &[("x-k8s-aws-id", &case.cluster)],
    };
    question.ask()
}

fn lives_as_long_as_it_should(case: &Case, token: &Token) -> Result<(), TestCaseError> {
    let claimed = case.signed_at + u64::from(case.lifetime);
    let expected = case.credentials_expire_at().map_or(claimed, |at| at.min(claimed));
    prop_assert_eq!(token.expires_at, expected);
    Ok(())
}

/// What the secret signed, by the day's key, and the other way round. Not by another cluster's name.
fn is_recognised(case: &Case, token: &Token) -> Result<(), TestCaseError> {
    let secret = common::secret(&case.secret);
    let material = if case.by_day_key {
        SigningMaterial::SecretAccessKey(secret)
    } else {
        SigningMaterial::DayKeys(vec![DayKey::derive(&secret, case.signing_region(), case.day())])
    };
    let credentials = Credentials { material, ..case.credentials() };
    prop_assert_eq!(verify(&token.value, &credentials, &cluster(&case.cluster)), Ok(true));
    prop_assert_eq!(verify(&token.value, &credentials, &cluster("another")), Ok(false));
    Ok(())
}

/// What a server of the cluster's partition says, and what STS would. A custom host is beyond what
/// the inspector can know.
fn is_accepted(case: &Case, token: &Token) -> Result<(), TestCaseError> {
    let Endpoint::Known { region, endpoint } = &case.endpoint else { return Ok(()) };
    let partition = Partition::of_region(region).expect("a known region");
    for partition in [Some(partition), None] {
        let inspection = inspect(&token.value, partition, case.signed_at);
        if token.value.len() > MAX_LENGTH {
            let length = u32::try_from(token.value.len()).expect("a token's length");
            prop_assert_eq!(inspection.server, Err(Rejection::TooLarge(length)));
            continue;
        }
        let expected = match endpoint {
            StsEndpoint::Regional(features) if features.dual_stack && is_iso(region) => {
                Err(Rejection::UnexpectedHost)
            }
            _ => Ok(()),
        };
        prop_assert_eq!(inspection.server, expected);
        prop_assert_eq!(codes(&inspection.findings), codes(&token.findings));
    }
    Ok(())
}

/// No server knows the dual-stack hosts of these (SPEC: aws-iam-authenticator has none for them).
fn is_iso(region: &str) -> bool {
    ["us-iso", "eu-iso"].iter().any(|prefix| region.starts_with(prefix))
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_ref()).collect()
}

/// All of one request, in plain values that shrink and print well.
#[derive(Debug, Clone)]
struct Case {
    access_key_id: String,
    secret: String,
    session_token: Option<String>,
    /// Seconds from the signature to the end of the credentials.
    credentials_last: Option<u64>,
    /// Whether the day's key signs; among keys of other days and regions.
    by_day_key: bool,
    cluster: String,
    endpoint: Endpoint,
    signed_at: u64,
    url_expires_in: u32,
    lifetime: u32,
}

#[derive(Debug, Clone)]
enum Endpoint {
    Known { region: String, endpoint: StsEndpoint },
    Custom { host: String, signing_region: String },
}

impl Case {
    fn credentials(&self) -> Credentials {
        let whole = Credentials {
            expires_at: self.credentials_expire_at(),
            ..common::credentials(&self.access_key_id, &self.secret, self.session_token.as_deref())
        };
        if !self.by_day_key {
            return whole;
        }
        let secret = common::secret(&self.secret);
        let (signing_region, other_region) = (self.signing_region(), region("other-region-1"));
        let other_day =
            Day::try_from(if self.day().number() == 19_700_101 { 20_000_101 } else { 19_700_101 });
        let keys = [
            DayKey::derive(&secret, signing_region.clone(), other_day.expect("a day")),
            DayKey::derive(&secret, other_region, self.day()),
            DayKey::derive(&secret, signing_region, self.day()),
        ];
        Credentials { material: SigningMaterial::DayKeys(keys.into()), ..whole }
    }

    fn credentials_expire_at(&self) -> Option<u64> {
        self.credentials_last.map(|seconds| self.signed_at + seconds)
    }

    fn request(&self) -> TokenRequest {
        let (region, endpoint) = match &self.endpoint {
            Endpoint::Known { region, endpoint } => (region.as_str(), endpoint.clone()),
            Endpoint::Custom { host, signing_region } => {
                let host = host.clone().try_into().expect("a host");
                let signing_region = common::region(signing_region);
                ("eu-central-1", StsEndpoint::Custom { host, signing_region })
            }
        };
        TokenRequest {
            endpoint,
            url_expires_in: UrlExpiry::try_from(self.url_expires_in).expect("an expiry"),
            lifetime: Lifetime::try_from(self.lifetime).expect("a lifetime"),
            ..common::request(&self.cluster, region, self.signed_at)
        }
    }

    fn signing_region(&self) -> Region {
        let request = self.request();
        let (_, signing_region) = request.endpoint.resolve(&request.region).expect("resolves");
        signing_region
    }

    fn day(&self) -> Day {
        time(self.signed_at).day()
    }
}

fn case() -> impl Strategy<Value = Case> {
    let credentials =
        (access_key_id(), text("[ -~]{1,256}"), session_token(), credentials_last(), any::<bool>());
    let request = (cluster_name(), endpoint(), signed_at(), 1..=900u32, 1..=900u32);
    (credentials, request).prop_map(|(credentials, request)| {
        let (access_key_id, secret, session_token, credentials_last, by_day_key) = credentials;
        let (cluster, endpoint, signed_at, url_expires_in, lifetime) = request;
        Case {
            access_key_id,
            secret,
            session_token,
            credentials_last,
            by_day_key,
            cluster,
            endpoint,
            signed_at,
            url_expires_in,
            lifetime,
        }
    })
}

fn access_key_id() -> impl Strategy<Value = String> {
    prop_oneof![text("(AKIA|ASIA)[A-Z2-7]{16}"), text("[0-9A-Za-z_]{1,128}")]
}

/// Up to some KB of base64, as AWS issues them; a few of other characters; rarely the longest that
/// is accepted.
fn session_token() -> impl Strategy<Value = Option<String>> {
    const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    let any_printable: Vec<u8> = (b' '..=b'~').collect();
    prop_oneof![
        60 => Just(None),
        100 => long_text(BASE64.to_vec(), 1..=1200).prop_map(Some),
        20 => long_text(BASE64.to_vec(), 1200..=4096).prop_map(Some),
        20 => long_text(any_printable.clone(), 1..=600).prop_map(Some),
        1 => long_text(any_printable, 16_384..=16_384).prop_map(Some),
    ]
}

/// Text of these lengths, drawn from one number: a strategy for each character would be slow.
fn long_text(
    alphabet: Vec<u8>,
    lengths: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = String> {
    (lengths, any::<u64>()).prop_map(move |(length, start)| {
        let mut state = start;
        let mut next = || {
            // The generator of Knuth's MMIX; its upper bits are the better ones.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let index = usize::try_from(state >> 33).expect("31 bits") % alphabet.len();
            char::from(alphabet[index])
        };
        std::iter::repeat_with(&mut next).take(length).collect()
    })
}

fn credentials_last() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![Just(None), (1..=2000u64).prop_map(Some), (1..=129_600u64).prop_map(Some)]
}

/// As EKS has them; anything printable; and blanks at the ends and in runs, which SigV4 folds.
fn cluster_name() -> impl Strategy<Value = String> {
    prop_oneof![
        text("[0-9A-Za-z][0-9A-Za-z_-]{0,99}"),
        text("[ -~]{0,255}[!-~]"),
        text(" {0,9}[!-~]{1,20}( {1,9}[!-~]{1,20}){0,5} {0,9}"),
        text("[!-~] {254}[!-~]"),
    ]
}

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let features = (any::<bool>(), any::<bool>())
        .prop_map(|(fips, dual_stack)| EndpointFeatures { fips, dual_stack });
    let regional = (region_name(), features).prop_map(|(region, features)| Endpoint::Known {
        region,
        endpoint: StsEndpoint::Regional(features),
    });
    let global = select(regions_of("aws"))
        .prop_map(|region| Endpoint::Known { region, endpoint: StsEndpoint::Global });
    let custom = (host(), text("[a-z0-9-]{1,32}"))
        .prop_map(|(host, signing_region)| Endpoint::Custom { host, signing_region });
    prop_oneof![6 => regional, 1 => global, 2 => custom]
}

/// Any text that fits `pattern`, which is parsed once: a bare pattern is parsed for each case.
fn text(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern).expect("a pattern")
}

/// One that there is, of any partition alike, or one that may come.
fn region_name() -> impl Strategy<Value = String> {
    let known = select(Partition::ALL.to_vec())
        .prop_flat_map(|partition| select(regions_of(partition.name())));
    prop_oneof![
        3 => known,
        1 => text("(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|eusc-de|us-iso|us-isob|eu-isoe|us-isof)-[a-z]{1,12}-[0-9]{1,2}"),
    ]
}

fn host() -> impl Strategy<Value = String> {
    const LABEL: &str = "[0-9A-Za-z]([0-9A-Za-z-]{0,20}[0-9A-Za-z])?";
    prop_oneof![
        text("sts\\.[a-z]{2}-[a-z]{4,9}-[0-9]\\.amazonaws\\.com"),
        text(&format!("{LABEL}(\\.{LABEL}){{0,6}}")),
    ]
}

/// Any second to the end of the year 9999; our own years; and the seconds around midnight.
fn signed_at() -> impl Strategy<Value = u64> {
    let midnight =
        (1..=LAST_SECOND / 86_400, 0..=2u64).prop_map(|(day, second)| day * 86_400 + second - 1);
    prop_oneof![
        4 => 0..=LAST_SECOND,
        4 => 1_600_000_000..=2_000_000_000u64,
        2 => midnight,
        1 => select(vec![0, 1, LAST_SECOND - 1, LAST_SECOND]),
    ]
}

fn regions_of(partition: &str) -> Vec<String> {
    let mut regions: Vec<String> = REGIONS
        .lines()
        .filter_map(|line| line.strip_prefix(partition)?.strip_prefix(',')?.split(',').next())
        .map(str::to_owned)
        .collect();
    regions.dedup();
    regions
}
