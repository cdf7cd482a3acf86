//! Bad arguments: a typed error for each, and no error and no `Debug` output that repeats a value.

mod common;

use std::fmt::Debug;

use common::{credentials, region, request, secret, time, with_day_key};
use eks_token_signer::sigv4::{
    CanonicalRequest, CredentialScope, PathStyle, PayloadHash, Presigning, Request, SigningKey,
    StringToSign,
};
use eks_token_signer::{
    AccessKeyId, Cluster, Credentials, Day, DayKey, Error, Invalid, Lifetime, Partition,
    PresignedUrl, Region, SecretAccessKey, SessionToken, SigningMaterial, SigningTime, StsEndpoint,
    StsHost, Token, UrlExpiry, verify,
};

/// Stands in every bad text, so that an echo of it is seen. No word of any message has a part of
/// three characters in common with it.
const MARK: &str = "qzxwvk";

/// One kind of text argument.
struct Text {
    what: &'static str,
    build: fn(String) -> Result<(), Error>,
    error: fn(Invalid) -> Error,
    /// The most that is accepted, in bytes.
    limit: u32,
    /// Repeated, it makes a text of any length that is accepted.
    unit: &'static str,
    /// Characters that other kinds take and this one refuses.
    refused: &'static [char],
}

const TEXTS: [Text; 6] = [
    Text {
        what: "access key id",
        build: |text| AccessKeyId::try_from(text).map(drop),
        error: Error::AccessKeyId,
        limit: 128,
        unit: "q",
        refused: &['/', '@', '-', '.', ' ', '+', '=', ':', '%', '&', '~'],
    },
    Text {
        what: "secret access key",
        build: |text| SecretAccessKey::try_from(text).map(drop),
        error: Error::SecretAccessKey,
        limit: 256,
        unit: "q",
        refused: &[],
    },
    Text {
        what: "session token",
        build: |text| SessionToken::try_from(text).map(drop),
        error: Error::SessionToken,
        limit: 16_384,
        unit: "q",
        refused: &[],
    },
    Text {
        what: "cluster",
        build: |text| Cluster::try_from(text).map(drop),
        error: Error::Cluster,
        limit: 256,
        unit: "q",
        refused: &[],
    },
    Text {
        what: "region",
        build: |text| Region::try_from(text).map(drop),
        error: Error::Region,
        limit: 32,
        unit: "q",
        refused: &['/', '@', '.', '_', ' ', ':', '%', '?', '#', '&', 'A', 'Z'],
    },
    Text {
        what: "host",
        build: |text| StsHost::try_from(text).map(drop),
        error: Error::Host,
        limit: 253,
        unit: "qqqqqqq.",
        refused: &['/', '@', '_', ' ', ':', '%', '?', '#', '&', '\\', '[', '*'],
    },
];

/// No text argument takes any of these: they end lines, headers and C strings, or are no ASCII.
const ALWAYS_REFUSED: [char; 12] =
    ['\0', '\r', '\n', '\t', '\u{1b}', '\u{7f}', '\u{80}', 'é', 'ß', '\u{200b}', '\u{ff0f}', '😀'];

#[test]
fn an_empty_text_is_refused() {
    for text in TEXTS {
        assert_refused(&text, "", Invalid::Empty);
    }
}

#[test]
fn a_forbidden_character_is_refused_where_it_stands() {
    for text in TEXTS {
        for character in ALWAYS_REFUSED.iter().chain(text.refused) {
            let last = u32::try_from(MARK.len()).expect("a short mark");
            for (value, offset) in [
                (format!("{character}{MARK}"), 0),
                (format!("{MARK}{character}{MARK}"), last),
                (format!("{MARK}{character}"), last),
                (format!("{MARK}{character}{character}"), last),
                (character.to_string(), 0),
            ] {
                assert_refused(&text, &value, Invalid::ForbiddenByte { offset });
            }
        }
    }
}

#[test]
fn the_longest_text_is_accepted_and_one_byte_more_is_not() {
    for text in TEXTS {
        let longest: String = text.unit.chars().cycle().take(text.limit as usize).collect();
        assert_eq!((text.build)(longest.clone()), Ok(()), "{}", text.what);
        for value in [format!("{longest}q"), longest.repeat(3)] {
            assert_refused(&text, &value, Invalid::TooLong { limit: text.limit });
        }
    }
}

/// Length is looked at first, so that a huge argument costs nothing.
#[test]
fn a_text_both_too_long_and_forbidden_is_too_long() {
    for text in TEXTS {
        let value = "\0".repeat(text.limit as usize + 1);
        assert_refused(&text, &value, Invalid::TooLong { limit: text.limit });
    }
}

#[test]
fn what_the_other_programs_take_is_accepted() {
    for (what, value) in [
        ("access key id", "ASIAIOSFODNN7EXAMPLE"),
        ("access key id", "a"),
        ("access key id", "key_1"),
        ("secret access key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("secret access key", " ~"),
        ("session token", "IQoJb3JpZ2luX2VjE/+=="),
        ("cluster", "my-cluster"),
        ("cluster", "0b2d8f5c-6f1e-4d3a-9a7e-1f2e3d4c5b6a"),
        ("cluster", "kops.example.com"),
        ("cluster", " two  words "),
        ("cluster", "{}\"'/@%&=?#"),
        ("region", "us-gov-west-1"),
        ("region", "-"),
        ("host", "sts.amazonaws.com"),
        ("host", "STS.Amazonaws.COM"),
        ("host", "localhost"),
        ("host", "a-b.1.c"),
    ] {
        let text = TEXTS.iter().find(|text| text.what == what).expect("a kind of text");
        assert_eq!((text.build)(value.to_owned()), Ok(()), "{what}: {value}");
    }
}

/// Blanks at the ends are not signed, so nothing would be left of such a name.
#[test]
fn a_cluster_of_blanks_alone_is_empty() {
    for blanks in [" ", "   "] {
        assert_eq!(Cluster::try_from(blanks.to_owned()), Err(Error::Cluster(Invalid::Empty)));
    }
}

#[test]
fn a_host_must_be_a_dns_name() {
    let long_label = format!("{}.{MARK}", "q".repeat(64));
    let table = [
        (".", Invalid::ForbiddenByte { offset: 0 }),
        ("..", Invalid::ForbiddenByte { offset: 0 }),
        (".qzxwvk", Invalid::ForbiddenByte { offset: 0 }),
        ("qzxwvk..com", Invalid::ForbiddenByte { offset: 7 }),
        ("qzxwvk.", Invalid::ForbiddenByte { offset: 6 }),
        ("qzxwvk.com.", Invalid::ForbiddenByte { offset: 10 }),
        ("-qzxwvk", Invalid::ForbiddenByte { offset: 0 }),
        ("qzxwvk-", Invalid::ForbiddenByte { offset: 6 }),
        ("qzxwvk.-com", Invalid::ForbiddenByte { offset: 7 }),
        ("qzxwvk-.com", Invalid::ForbiddenByte { offset: 6 }),
        (long_label.as_str(), Invalid::TooLong { limit: 63 }),
    ];
    let [.., host] = TEXTS;
    for (value, why) in table {
        assert_refused(&host, value, why);
    }
    assert_eq!((host.build)(format!("{}.{MARK}", "q".repeat(63))), Ok(()));
}

#[test]
fn a_number_outside_its_range_is_refused() {
    fn refused<T: Debug>(built: Result<T, Error>, expected: Error, value: &impl ToString) {
        let error = built.map(drop).expect_err("it is out of range");
        assert_eq!(error, expected);
        assert_silent(&error, &value.to_string());
    }
    let out_of_range = Invalid::OutOfRange;
    for seconds in [253_402_300_800, 999_999_999_999, 1 << 63, u64::MAX] {
        let time = SigningTime::from_unix_seconds(seconds);
        refused(time, Error::SignedAt(out_of_range), &seconds);
    }
    for seconds in [901, 3600, 86_400, u32::MAX] {
        refused(UrlExpiry::try_from(seconds), Error::UrlExpiresIn(out_of_range), &seconds);
        refused(Lifetime::try_from(seconds), Error::Lifetime(out_of_range), &seconds);
    }
    for day in [20_230_229, 20_241_301, 19_691_231, 100_000_101, 4_294_967_295] {
        refused(Day::try_from(day), Error::SigningKey(out_of_range), &day);
    }
    assert_eq!(UrlExpiry::try_from(0), Err(Error::UrlExpiresIn(out_of_range)));
    assert_eq!(Lifetime::try_from(0), Err(Error::Lifetime(out_of_range)));
    assert_eq!(Day::try_from(0), Err(Error::SigningKey(out_of_range)));
}

#[test]
fn the_ends_of_each_range_are_accepted() {
    assert_eq!(SigningTime::from_unix_seconds(0).map(SigningTime::unix_seconds), Ok(0));
    let last = 253_402_300_799;
    assert_eq!(SigningTime::from_unix_seconds(last).map(SigningTime::unix_seconds), Ok(last));
    for seconds in [1, 900] {
        assert_eq!(UrlExpiry::try_from(seconds).map(UrlExpiry::seconds), Ok(seconds));
        assert_eq!(Lifetime::try_from(seconds).map(Lifetime::seconds), Ok(seconds));
    }
    assert_eq!(UrlExpiry::default().seconds(), 60);
    assert_eq!(Lifetime::default().seconds(), 840);
}

#[test]
fn a_signing_key_has_thirty_two_bytes() {
    assert_eq!(SigningKey::try_from(&[][..]).err(), Some(Error::SigningKey(Invalid::Empty)));
    for length in [1, 16, 31, 33, 64, 1000] {
        let bytes = vec![0xa7; length];
        let error = SigningKey::try_from(&bytes[..]).map(drop).expect_err("a wrong length");
        assert_eq!(error, Error::SigningKey(Invalid::OutOfRange), "{length} bytes");
        for echo in ["167", "a7", "A7"] {
            assert_silent(&error, echo);
        }
    }
    let key = SigningKey::try_from(&[0xa7; 32][..]).expect("the right length");
    assert_eq!(key.expose(), &[0xa7; 32]);
}

#[test]
fn no_key_for_the_day_or_region_is_an_error() {
    let request = request("my-cluster", "eu-central-1", 1_700_000_000);
    let whole = credentials("AKIDEXAMPLE", "secret", None);
    let key = |region: &str, signed_at: u64| {
        let SigningMaterial::DayKeys(keys) =
            with_day_key(&whole, &common::region(region), time(signed_at).day()).material
        else {
            panic!("day keys were asked for")
        };
        keys
    };
    let (today, yesterday) = (1_700_000_000, 1_700_000_000 - 86_400);
    let useless = [
        vec![],
        key("eu-central-1", yesterday),
        key("eu-central-2", today),
        [key("eu-central-1", yesterday), key("eu-central-2", today)].concat(),
    ];
    for keys in useless {
        let credentials = Credentials { material: SigningMaterial::DayKeys(keys), ..whole.clone() };
        let error = Some(Error::NoMatchingSigningKey);
        assert_eq!(Token::new(&credentials, &request).err(), error);
        assert_eq!(PresignedUrl::new(&credentials, &request).err(), error);
        let token = Token::new(&whole, &request).expect("a token").value;
        assert_eq!(verify(&token, &credentials, &request.cluster).err(), error);
    }
    let mixed = [key("eu-central-1", yesterday), key("eu-central-1", today)].concat();
    let credentials = Credentials { material: SigningMaterial::DayKeys(mixed), ..whole.clone() };
    let by_key = Token::new(&credentials, &request).expect("today's key is among them");
    assert_eq!(by_key.value, Token::new(&whole, &request).expect("a token").value);
}

/// The global host is signed for us-east-1, whatever the cluster's region.
#[test]
fn the_global_host_needs_a_key_of_its_own_region() {
    let mut request = request("my-cluster", "eu-central-1", 1_700_000_000);
    request.endpoint = StsEndpoint::Global;
    let whole = credentials("AKIDEXAMPLE", "secret", None);
    let day = request.signed_at.day();
    let regional = with_day_key(&whole, &request.region, day);
    assert_eq!(Token::new(&regional, &request).err(), Some(Error::NoMatchingSigningKey));
    let global = with_day_key(&whole, &region("us-east-1"), day);
    assert!(Token::new(&global, &request).is_ok());
}

#[test]
fn credentials_that_have_ended_are_refused() {
    let signed_at = 1_700_000_000;
    let request = request("my-cluster", "eu-central-1", signed_at);
    let whole = credentials("AKIDEXAMPLE", "secret", None);
    let ending = |at: u64| Credentials { expires_at: Some(at), ..whole.clone() };
    for at in [0, signed_at - 86_400, signed_at - 1, signed_at] {
        let error = Some(Error::CredentialsExpired { at });
        assert_eq!(Token::new(&ending(at), &request).err(), error);
        assert_eq!(PresignedUrl::new(&ending(at), &request).err(), error);
    }
    // From here on, the token ends when its credentials do, or after 14 minutes.
    for (at, expected) in [(1, 1), (839, 839), (840, 840), (841, 840), (86_400, 840)] {
        let token = Token::new(&ending(signed_at + at), &request).expect("a token");
        assert_eq!(token.expires_at, signed_at + expected);
    }
    let token = Token::new(&ending(u64::MAX), &request).expect("a token");
    assert_eq!(token.expires_at, signed_at + 840);
}

#[test]
fn an_endpoint_that_there_is_not_is_an_error() {
    let credentials = credentials("AKIDEXAMPLE", "secret", None);
    let ask = |region: &str, endpoint: StsEndpoint| {
        let mut request = request("my-cluster", region, 1_700_000_000);
        request.endpoint = endpoint;
        Token::new(&credentials, &request).err()
    };
    let unknown = [("qzxwvk", StsEndpoint::default()), ("qzxwvk-qzxwvk-1", StsEndpoint::Global)];
    for (region, endpoint) in unknown {
        assert_eq!(ask(region, endpoint), Some(Error::UnknownRegion));
    }
    assert_silent(&Error::UnknownRegion, MARK);
    for region in ["cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"] {
        let error = ask(region, StsEndpoint::Global).expect("partition aws alone has it");
        assert_eq!(error, Error::EndpointUnsupported);
        assert_silent(&error, region);
    }
    for name in ["", "AWS", "aws-", " aws", MARK] {
        assert_eq!(Partition::try_from(name), Err(Error::UnknownPartition), "{name}");
    }
    assert_silent(&Error::UnknownPartition, MARK);
    for partition in Partition::ALL {
        assert_eq!(Partition::try_from(partition.name()), Ok(partition));
    }
}

/// Printed by accident, none of these gives a secret away.
#[test]
fn no_debug_output_holds_a_secret() {
    let secret_text = "Xq7/secretQ+Zk3wVvB9LmPyJ5rTgHn2Dc8KfSs4";
    let session_token = "Wm6/sessionR+Yt2uNnC7KoQzH4pSfGb1Ed9JgTv5LxAa3==";
    let mut credentials = credentials("AKIDEXAMPLE", secret_text, Some(session_token));
    credentials.expires_at = Some(1_800_000_000);
    let request = request("my-cluster", "eu-central-1", 1_700_000_000);
    let by_day_key = with_day_key(&credentials, &request.region, request.signed_at.day());
    let token = Token::new(&credentials, &request).expect("a token");
    let url = PresignedUrl::new(&credentials, &request).expect("a URL");
    let SigningMaterial::DayKeys(keys) = &by_day_key.material else { panic!("day keys") };
    let key = keys.first().expect("one key").key.expose();

    let steps = debug_of_the_steps(secret_text, session_token, &request.signed_at);
    let shown = [
        format!("{:?} {:#?}", secret(secret_text), credentials.session_token),
        format!("{credentials:?} {credentials:#?}"),
        format!("{by_day_key:?} {by_day_key:#?}"),
        format!("{:?} {:?}", credentials.material, by_day_key.material),
        format!("{keys:?} {token:?} {token:#?} {url:?} {url:#?} {request:?}"),
        steps,
    ];
    let signature = url.expose().rsplit_once('=').expect("a signature").1;
    let mut secrets = vec![
        secret_text.to_owned(),
        session_token.to_owned(),
        session_token.replace('/', "%2F").replace('+', "%2B"),
        format!("{key:?}").trim_matches(['[', ']']).to_owned(),
        hex(key),
        signature.to_owned(),
    ];
    secrets.push(token.value.trim_start_matches("k8s-aws-v1.").to_owned());
    for shown in &shown {
        for secret in &secrets {
            assert_no_fragment(shown, secret);
        }
    }
}

/// The types on the way from a request to a signature, all shown.
fn debug_of_the_steps(secret_text: &str, session_token: &str, signed_at: &SigningTime) -> String {
    let stamp = signed_at.stamp();
    let scope = CredentialScope { day: signed_at.day(), region: "eu-central-1", service: "sts" };
    let presigning = Presigning {
        access_key_id: "AKIDEXAMPLE",
        scope,
        stamp: &stamp,
        expires_in: 60,
        session_token: Some(session_token),
    };
    let request = Request {
        method: "GET",
        path: "/",
        path_style: PathStyle::AsIs,
        query: &[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
        headers: &[("host", "sts.eu-central-1.amazonaws.com"), ("x-k8s-aws-id", "my-cluster")],
        payload: &PayloadHash::EMPTY,
    };
    let canonical = CanonicalRequest::new(&request, &presigning);
    let string_to_sign = StringToSign::new(&canonical, &stamp, &scope);
    let day_key = DayKey::derive(&secret(secret_text), region("eu-central-1"), signed_at.day());
    let signature = day_key.key.sign(&string_to_sign);
    format!("{presigning:?} {canonical:?} {day_key:?} {:?} {signature:?}", day_key.key)
}

fn assert_refused(text: &Text, value: &str, why: Invalid) {
    let error = (text.build)(value.to_owned()).expect_err("it is refused");
    assert_eq!(error, (text.error)(why), "{}: {value:?}", text.what);
    for shown in [error.to_string(), format!("{error:?}")] {
        for part in MARK.as_bytes().windows(3) {
            let part = str::from_utf8(part).expect("the mark is ASCII");
            assert!(!shown.contains(part), "{shown} repeats {value:?}");
        }
        for character in value.chars().filter(|it| !it.is_ascii_graphic() && *it != ' ') {
            assert!(!shown.contains(character), "{shown:?} repeats {value:?}");
        }
    }
    assert!(error.to_string().starts_with(&format!("the {} ", text.what)), "{error}");
}

/// An error is silent about a value when it shows it in neither form.
fn assert_silent(error: &Error, value: &str) {
    assert!(!error.to_string().contains(value), "{error} repeats {value}");
    assert!(!format!("{error:?}").contains(value), "{error:?} repeats {value}");
    assert!(!error.to_string().is_empty());
}

/// Eight bytes are enough to know a secret by.
fn assert_no_fragment(shown: &str, secret: &str) {
    for fragment in secret.as_bytes().windows(8) {
        let fragment = str::from_utf8(fragment).expect("secrets are ASCII");
        assert!(!shown.contains(fragment), "{fragment} of a secret in {shown}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
