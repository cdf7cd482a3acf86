//! Bad arguments through the component: a typed error each, no trap, and the next call succeeds.

#![cfg(feature = "compiler")]

#[path = "common/guest.rs"]
mod guest;

use guest::{Guest, Program, types};
use types::{Error, Invalid};
use wasmtime::Config;

/// Changes one thing in a good call.
type Spoil = fn(&mut types::Credentials, &mut types::TokenRequest);

#[test]
fn every_bad_argument_is_a_typed_error() {
    let mut guest = Program::compile(guest::COMPONENT, &Config::new()).start();
    for (name, spoil, expected) in table() {
        let (mut credentials, mut request) = good();
        spoil(&mut credentials, &mut request);
        let error = guest.create_token(&credentials, &request).err();
        assert_eq!(
            error.map(|error| format!("{error:?}")),
            Some(format!("{expected:?}")),
            "{name}"
        );
        let (credentials, request) = good();
        assert!(guest.create_token(&credentials, &request).is_ok(), "the call after: {name}");
    }
}

#[test]
fn a_bad_day_region_or_secret_derives_nothing() {
    let mut guest = Program::compile(guest::COMPONENT, &Config::new()).start();
    let cases = [
        ("", "us-west-2", 20_251_122, Error::SecretAccessKey(Invalid::Empty)),
        ("s\0t", "us-west-2", 20_251_122, Error::SecretAccessKey(Invalid::ForbiddenByte(1))),
        ("secret", "us/west", 20_251_122, Error::Region(Invalid::ForbiddenByte(2))),
        ("secret", "moon-base-1", 20_251_122, Error::UnknownRegion),
        ("secret", "us-west-2", 20_250_229, Error::SigningKey(Invalid::OutOfRange)),
        ("secret", "us-west-2", 0, Error::SigningKey(Invalid::OutOfRange)),
        ("secret", "us-west-2", u32::MAX, Error::SigningKey(Invalid::OutOfRange)),
    ];
    for (secret, region, day, expected) in cases {
        assert_eq!(derive(&mut guest, secret, region, day), format!("Err({expected:?})"));
    }
}

#[test]
fn an_unknown_partition_and_a_token_beyond_the_year_9999_are_errors() {
    let mut guest = Program::compile(guest::COMPONENT, &Config::new()).start();
    let inspection = guest
        .world
        .eks_token_inspector()
        .call_inspect(&mut guest.store, "k8s-aws-v1.", Some("aws-moon"), 0)
        .expect("no trap");
    assert!(matches!(inspection, Err(Error::UnknownPartition)));
    let token =
        types::Token { value: "t".into(), expires_at: 253_402_300_800, findings: Vec::new() };
    let answer = guest
        .world
        .eks_token_exec()
        .call_exec_credential(&mut guest.store, &token, None)
        .expect("no trap");
    assert!(matches!(answer, Err(Error::ExpiresAt(Invalid::OutOfRange))));
}

fn derive(guest: &mut Guest, secret: &str, region: &str, day: u32) -> String {
    let endpoint = types::StsEndpoint::Regional(types::EndpointFeatures::empty());
    let answer = guest
        .world
        .eks_token_signer()
        .call_derive_signing_key(&mut guest.store, secret, region, &endpoint, day)
        .expect("no trap");
    format!("{answer:?}")
}

fn good() -> (types::Credentials, types::TokenRequest) {
    let credentials = types::Credentials {
        access_key_id: "AKIDEXAMPLE".into(),
        material: types::SigningMaterial::SecretAccessKey("secret".into()),
        session_token: Some("session".into()),
        expires_at: None,
    };
    let request = types::TokenRequest {
        cluster: "my-cluster".into(),
        region: "us-west-2".into(),
        endpoint: types::StsEndpoint::Regional(types::EndpointFeatures::empty()),
        signed_at: 1_700_000_000,
        url_expires_in: None,
        lifetime: None,
    };
    (credentials, request)
}

fn key(length: usize, day: u32, region: &str) -> types::SigningMaterial {
    types::SigningMaterial::SigningKeys(vec![types::SigningKey {
        bytes: vec![7; length],
        signing_region: region.into(),
        day,
    }])
}

fn custom(host: &str, signing_region: &str) -> types::StsEndpoint {
    types::StsEndpoint::Custom(types::CustomEndpoint {
        host: host.into(),
        signing_region: signing_region.into(),
    })
}

#[rustfmt::skip]
fn table() -> Vec<(&'static str, Spoil, Error)> {
    use Error::{AccessKeyId, Cluster, Host, Lifetime, Region, SecretAccessKey, SessionToken, SignedAt, SigningKey, UrlExpiresIn};
    use Invalid::{Empty, ForbiddenByte, OutOfRange, TooLong};
    use types::SigningMaterial::{SecretAccessKey as Secret, SigningKeys};
    vec![
        ("empty key id", |c, _| c.access_key_id.clear(), AccessKeyId(Empty)),
        ("NUL in the key id", |c, _| c.access_key_id = "A\0".into(), AccessKeyId(ForbiddenByte(1))),
        ("slash in the key id", |c, _| c.access_key_id = "AK/ID".into(), AccessKeyId(ForbiddenByte(2))),
        ("long key id", |c, _| c.access_key_id = "A".repeat(129), AccessKeyId(TooLong(128))),
        ("empty secret", |c, _| c.material = Secret(String::new()), SecretAccessKey(Empty)),
        ("line break in the secret", |c, _| c.material = Secret("secret\r\n".into()), SecretAccessKey(ForbiddenByte(6))),
        ("non-ASCII secret", |c, _| c.material = Secret("sécret".into()), SecretAccessKey(ForbiddenByte(1))),
        ("long secret", |c, _| c.material = Secret("s".repeat(257)), SecretAccessKey(TooLong(256))),
        ("empty session token", |c, _| c.session_token = Some(String::new()), SessionToken(Empty)),
        ("NUL in the session token", |c, _| c.session_token = Some("\0".into()), SessionToken(ForbiddenByte(0))),
        ("long session token", |c, _| c.session_token = Some("t".repeat(16_385)), SessionToken(TooLong(16_384))),
        ("huge session token", |c, _| c.session_token = Some("t".repeat(1_000_000)), SessionToken(TooLong(16_384))),
        ("empty key", |c, _| c.material = key(0, 20_231_114, "us-west-2"), SigningKey(Empty)),
        ("short key", |c, _| c.material = key(31, 20_231_114, "us-west-2"), SigningKey(OutOfRange)),
        ("long key", |c, _| c.material = key(33, 20_231_114, "us-west-2"), SigningKey(OutOfRange)),
        ("no such day", |c, _| c.material = key(32, 20_231_131, "us-west-2"), SigningKey(OutOfRange)),
        ("key of another day", |c, _| c.material = key(32, 20_231_115, "us-west-2"), Error::NoMatchingSigningKey),
        ("key of another region", |c, _| c.material = key(32, 20_231_114, "us-east-1"), Error::NoMatchingSigningKey),
        ("key with a bad region", |c, _| c.material = key(32, 20_231_114, "us west"), Region(ForbiddenByte(2))),
        ("no key at all", |c, _| c.material = SigningKeys(Vec::new()), Error::NoMatchingSigningKey),
        ("expired credentials", |c, _| c.expires_at = Some(1_700_000_000), Error::CredentialsExpired(1_700_000_000)),
        ("empty cluster", |_, r| r.cluster.clear(), Cluster(Empty)),
        ("blank cluster", |_, r| r.cluster = "  ".into(), Cluster(Empty)),
        ("line break in the cluster", |_, r| r.cluster = "a\r\nb".into(), Cluster(ForbiddenByte(1))),
        ("non-ASCII cluster", |_, r| r.cluster = "clüster".into(), Cluster(ForbiddenByte(2))),
        ("long cluster", |_, r| r.cluster = "c".repeat(257), Cluster(TooLong(256))),
        ("empty region", |_, r| r.region.clear(), Region(Empty)),
        ("slash in the region", |_, r| r.region = "us-west-2/x".into(), Region(ForbiddenByte(9))),
        ("at sign in the region", |_, r| r.region = "x@evil".into(), Region(ForbiddenByte(1))),
        ("upper-case region", |_, r| r.region = "US-WEST-2".into(), Region(ForbiddenByte(0))),
        ("long region", |_, r| r.region = "r".repeat(33), Region(TooLong(32))),
        ("unknown region", |_, r| r.region = "moon-base-1".into(), Error::UnknownRegion),
        ("global host in China", |_, r| { r.region = "cn-north-1".into(); r.endpoint = types::StsEndpoint::Global; }, Error::EndpointUnsupported),
        ("empty host", |_, r| r.endpoint = custom("", "us-west-2"), Host(Empty)),
        ("at sign in the host", |_, r| r.endpoint = custom("a@b.c", "us-west-2"), Host(ForbiddenByte(1))),
        ("port in the host", |_, r| r.endpoint = custom("sts.example:443", "us-west-2"), Host(ForbiddenByte(11))),
        ("empty label in the host", |_, r| r.endpoint = custom("sts..example", "us-west-2"), Host(ForbiddenByte(4))),
        ("long host", |_, r| r.endpoint = custom(&"a.".repeat(127), "us-west-2"), Host(TooLong(253))),
        ("bad signing region", |_, r| r.endpoint = custom("sts.example", "no/where"), Region(ForbiddenByte(2))),
        ("the year 10000", |_, r| r.signed_at = 253_402_300_800, SignedAt(OutOfRange)),
        ("the end of time", |_, r| r.signed_at = u64::MAX, SignedAt(OutOfRange)),
        ("URL expiry of 0", |_, r| r.url_expires_in = Some(0), UrlExpiresIn(OutOfRange)),
        ("URL expiry of 901", |_, r| r.url_expires_in = Some(901), UrlExpiresIn(OutOfRange)),
        ("lifetime of 0", |_, r| r.lifetime = Some(0), Lifetime(OutOfRange)),
        ("lifetime of 901", |_, r| r.lifetime = Some(901), Lifetime(OutOfRange)),
    ]
}
