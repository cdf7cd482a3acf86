//! What several test files share: arguments built in one line, tokens taken apart, and a seeded
//! source of randomness.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod oracle;

use std::env;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_signer::{
    Cluster, Credentials, Day, DayKey, Lifetime, PREFIX, Region, SecretAccessKey, SigningMaterial,
    SigningTime, StsEndpoint, TokenRequest, UrlExpiry,
};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Credentials that never end, signing with the secret itself.
pub(crate) fn credentials(
    access_key_id: &str,
    secret: &str,
    session_token: Option<&str>,
) -> Credentials {
    Credentials {
        access_key_id: access_key_id.to_owned().try_into().expect("an access key id"),
        material: SigningMaterial::SecretAccessKey(self::secret(secret)),
        session_token: session_token.map(|it| it.to_owned().try_into().expect("a session token")),
        expires_at: None,
    }
}

/// The same credentials with the key of one day and region in the secret's place.
pub(crate) fn with_day_key(credentials: &Credentials, region: &Region, day: Day) -> Credentials {
    let SigningMaterial::SecretAccessKey(secret) = &credentials.material else {
        panic!("there is no secret to derive from")
    };
    let key = DayKey::derive(secret, region.clone(), day);
    Credentials { material: SigningMaterial::DayKeys(vec![key]), ..credentials.clone() }
}

/// What is asked for when nothing but the cluster, its region and the time matter.
pub(crate) fn request(cluster: &str, region: &str, signed_at: u64) -> TokenRequest {
    TokenRequest {
        cluster: self::cluster(cluster),
        region: self::region(region),
        endpoint: StsEndpoint::default(),
        signed_at: time(signed_at),
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    }
}

pub(crate) fn secret(text: &str) -> SecretAccessKey {
    text.to_owned().try_into().expect("a secret access key")
}

pub(crate) fn cluster(text: &str) -> Cluster {
    text.to_owned().try_into().expect("a cluster")
}

pub(crate) fn region(text: &str) -> Region {
    text.to_owned().try_into().expect("a region")
}

pub(crate) fn time(unix_seconds: u64) -> SigningTime {
    SigningTime::from_unix_seconds(unix_seconds).expect("a signing time")
}

/// Writes `url` as a token.
pub(crate) fn token_of(url: &str) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(url))
}

/// Reads the URL out of a token.
pub(crate) fn url_of(token: &str) -> String {
    let encoded = token.strip_prefix(PREFIX).expect("the prefix of a token");
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).expect("base64url")).expect("a URL is text")
}

/// The parameters of a URL, still encoded, in the order of their names and then values.
pub(crate) fn parameters(url: &str) -> Vec<&str> {
    let (_, query) = url.split_once('?').expect("a query");
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable_by_key(|parameter| parameter.split_once('='));
    parameters
}

/// Seconds since 1970-01-01T00:00:00Z, counted year by year and month by month: slow, and plain
/// enough to check by eye.
pub(crate) fn unix_seconds(date: (u64, u64, u64), time: (u64, u64, u64)) -> u64 {
    let (year, month, day) = date;
    let (hour, minute, second) = time;
    let whole_years: u64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let whole_months: u64 = (1..month).map(|month| days_in_month(year, month)).sum();
    let days = whole_years + whole_months + day - 1;
    ((days * 24 + hour) * 60 + minute) * 60 + second
}

/// The Gregorian rule.
pub(crate) const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

pub(crate) const fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A runner for `cases` random cases. The seed is the same each time, so that a failure can be
/// seen again; `TEST_SEED=NUMBER` takes another. It is printed, and shown when the test fails.
pub(crate) fn seeded_runner(cases: u32) -> TestRunner {
    let seed: u64 = match env::var("TEST_SEED") {
        Ok(seed) => seed.parse().expect("TEST_SEED is a number"),
        Err(_) => 20_110_615,
    };
    println!("{cases} random cases; to see them again: TEST_SEED={seed}");
    // Half of it is fixed: this generator takes any seed but all zeros.
    let mut bytes = *b"........eks-test";
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
}
