//! Requests of every kind, not only the one inside a token: paths, queries and headers that the
//! suite of AWS has no case for, signed by us and by the crate aws-sigv4.
//!
//! The seed is fixed; `TEST_SEED=NUMBER` takes another.

mod common;

use common::oracle::{Question, SignedElsewhere};
use common::{secret, seeded_runner, time};
use eks_token_signer::sigv4::{
    CanonicalRequest, CredentialScope, PathStyle, PayloadHash, Presigning, Request, SigningKey,
    StringToSign,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;

const CASES: u32 = 2_000;
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &str = "example.amazonaws.com";
const SIGNED_AT: u64 = 1_440_938_160;

/// RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[test]
fn random_requests_agree_with_aws_sigv4() {
    let result = seeded_runner(CASES).run(&case(), |case| {
        let (query, signature) = sign_here(&case);
        let theirs = sign_elsewhere(&case);
        prop_assert_eq!(query, theirs.canonical_query);
        prop_assert_eq!(signature, theirs.signature);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// RFC 3986 section 5.2.4, with repeated slashes made one as AWS has it.
#[test]
fn a_normalized_path_has_no_dot_segments() {
    let table = [
        ("/", "/"),
        ("/.", "/"),
        ("/..", "/"),
        ("/../..", "/"),
        ("/a/.", "/a/"),
        ("/a/..", "/"),
        ("/a/b/..", "/a/"),
        ("/a/../b", "/b"),
        ("/a/./b/", "/a/b/"),
        ("/a//b", "/a/b"),
        ("/a/...", "/a/..."),
        ("/.a", "/.a"),
        ("/a.", "/a."),
    ];
    for (path, expected) in table {
        let case = Case { path: path.to_owned(), ..Case::default() };
        let canonical = canonical_request(&case);
        assert_eq!(canonical.lines().nth(1), Some(expected), "{path}");
    }
}

/// Names before values, and both as they are encoded: `%` comes before every letter.
#[test]
fn parameters_are_sorted_by_encoded_name_and_then_value() {
    let given =
        [("b", "2"), ("a-", "1"), ("b", "10"), ("a", "é"), ("a", "z"), ("é", ""), ("B", "")];
    let query = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let canonical = canonical_request(&Case { query, ..Case::default() });
    let line = canonical.lines().nth(2).expect("a query");
    let own: Vec<&str> = line.split('&').filter(|it| !it.starts_with("X-Amz-")).collect();
    assert_eq!(own, ["%C3%A9=", "B=", "a=%C3%A9", "a=z", "a-=1", "b=10", "b=2"]);
}

#[derive(Debug, Clone)]
struct Case {
    method: String,
    path: String,
    path_style: PathStyle,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            path: "/".to_owned(),
            path_style: PathStyle::Normalized,
            query: Vec::new(),
            headers: Vec::new(),
        }
    }
}

fn sign_here(case: &Case) -> (String, String) {
    let (stamp, scope) = (time(SIGNED_AT).stamp(), scope());
    let canonical = canonical(case);
    let string_to_sign = StringToSign::new(&canonical, &stamp, &scope);
    let signature = SigningKey::derive(&secret(SECRET), &scope).sign(&string_to_sign);
    (canonical.query().to_owned(), signature.to_string())
}

fn canonical_request(case: &Case) -> String {
    canonical(case).to_string()
}

fn canonical(case: &Case) -> CanonicalRequest {
    let mut headers = borrowed(&case.headers);
    headers.push(("Host", HOST));
    let request = Request {
        method: &case.method,
        path: &case.path,
        path_style: case.path_style,
        query: &borrowed(&case.query),
        headers: &headers,
        payload: &PayloadHash::EMPTY,
    };
    let presigning = Presigning {
        access_key_id: "AKIDEXAMPLE",
        scope: scope(),
        stamp: &time(SIGNED_AT).stamp(),
        expires_in: 3600,
        session_token: None,
    };
    CanonicalRequest::new(&request, &presigning)
}

fn scope() -> CredentialScope<'static> {
    CredentialScope { day: time(SIGNED_AT).day(), region: "us-east-1", service: "service" }
}

fn sign_elsewhere(case: &Case) -> SignedElsewhere {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let path: Vec<String> = case.path.split('/').map(encoded).collect();
    let query: Vec<String> = case
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let question = Question {
        access_key_id: "AKIDEXAMPLE",
        secret: SECRET,
        session_token: None,
        region: "us-east-1",
        service: "service",
        signed_at: SIGNED_AT,
        expires_in: 3600,
        method: &case.method,
        url: &format!("https://{HOST}{}?{}", path.join("/"), query.join("&")),
        path_style: case.path_style,
        headers: &borrowed(&case.headers),
    };
    question.ask()
}

fn case() -> impl Strategy<Value = Case> {
    let method = select(vec!["GET", "POST", "PUT", "DELETE"]).prop_map(str::to_owned);
    let path_style = select(vec![PathStyle::Normalized, PathStyle::AsIs]);
    let query = prop::collection::vec((text("[ -~é]{1,5}"), text("[ -~ሴ]{0,5}")), 0..6);
    // Several values of one name are the suite's business.
    let headers = prop::collection::hash_map(text("x-[a-z]{1,4}"), text("[ -~]{0,12}"), 0..5);
    let headers = (headers, any::<bool>()).prop_map(|(headers, upper)| -> Vec<_> {
        let name = |name: String| if upper { name.to_uppercase() } else { name };
        headers.into_iter().map(|(it, value)| (name(it), value)).collect()
    });
    (method, path(), path_style, query, headers).prop_map(
        |(method, path, path_style, query, headers)| Case {
            method,
            path,
            path_style,
            query,
            headers,
        },
    )
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        2 => text("[ -.0-~é]{1,6}"),
        1 => select(vec!["", ".", "..", "..."]).prop_map(str::to_owned),
    ];
    prop::collection::vec(segment, 1..6).prop_map(|segments| format!("/{}", segments.join("/")))
}

fn text(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern).expect("a pattern")
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
