//! Tokens that other programs made, and ours for the same arguments.
//!
//! One each of aws-iam-authenticator, the AWS SDK for Ruby and the AWS CLI. Each is made with the
//! secret and with the day's key, and each is recognised by `verify` and by nothing that differs
//! from it.

mod common;

use common::{
    credentials, parameters, region, request, secret, time, token_of, unix_seconds, url_of,
    with_day_key,
};
use eks_token_signer::{
    Cluster, Credentials, Error, PresignedUrl, SigningMaterial, Token, TokenRequest, UrlExpiry,
    verify,
};

/// What went in, and what came out elsewhere.
struct Vector {
    /// Where it can be read, or seen again.
    source: &'static str,
    access_key_id: &'static str,
    secret: &'static str,
    session_token: Option<&'static str>,
    region: &'static str,
    signed_at: u64,
    cluster: &'static str,
    url_expires_in: u32,
    /// The token, as the other program made it.
    token: &'static str,
    signature: &'static str,
    /// Whether the other program puts the parameters of the URL in our order.
    same_order: bool,
}

fn vectors() -> [Vector; 3] {
    [aws_iam_authenticator(), aws_sdk_ruby(), aws_cli()]
}

fn aws_iam_authenticator() -> Vector {
    Vector {
        source: "kubernetes-sigs/aws-iam-authenticator, pkg/token/token_test.go, TestGetWithSTS",
        // In base64 there: QVNJQVIyVEc0NFY2QVMzWlpFN0M=
        access_key_id: "ASIAR2TG44V6AS3ZZE7C",
        // In base64 there: NEtENWNudEdjVm1MV1JkRjV3dk5SdXpOTDVReG1wNk9LVlk2RnovUQ==
        secret: "4KD5cntGcVmLWRdF5wvNRuzNL5Qxmp6OKVY6Fz/Q",
        session_token: None,
        region: "us-west-2",
        signed_at: 1_682_640_000,
        cluster: "test-cluster",
        url_expires_in: 60,
        token: "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtd2VzdC0yLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BU0lBUjJURzQ0VjZBUzNaWkU3QyUyRjIwMjMwNDI4JTJGdXMtd2VzdC0yJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyMzA0MjhUMDAwMDAwWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9ZTIxMWRiYTc3YWJhOWRjNDRiMGI2YmUzOGI4ZWFhZDA5MjU5OWM1MTU3ZjYzMTQ0NDRjNWI5ZDg1NzQ3ZjVjZQ",
        signature: "e211dba77aba9dc44b0b6be38b8eaad092599c5157f6314444c5b9d85747f5ce",
        same_order: true,
    }
}

fn aws_sdk_ruby() -> Vector {
    Vector {
        // A URL there; here it is in base64 like the others.
        source: "aws/aws-sdk-ruby, spec/aws/sts/presigner_spec.rb, #presigned_url",
        access_key_id: "akid",
        secret: "secret",
        session_token: None,
        region: "us-west-2",
        signed_at: unix_seconds((2016, 1, 1), (11, 22, 33)),
        cluster: "my-eks-cluster",
        url_expires_in: 900,
        token: "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtd2VzdC0yLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1ha2lkJTJGMjAxNjAxMDElMkZ1cy13ZXN0LTIlMkZzdHMlMkZhd3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDE2MDEwMVQxMTIyMzNaJlgtQW16LUV4cGlyZXM9OTAwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9OTg4MjhjYTkzMTQzMGQzYzU4YjM1YzAxZGZhNDQ0Njk2NTg0ZDE5ZjEzMTI3MmU5YjU1Y2IxOGE3NDkxZjUxYQ",
        signature: "98828ca931430d3c58b35c01dfa444696584d19f131272e9b55cb18a7491f51a",
        same_order: true,
    }
}

fn aws_cli() -> Vector {
    Vector {
        source: "`aws eks get-token` of AWS CLI 1.45.11 (PyPI awscli), run with a frozen clock",
        access_key_id: "AKIDEXAMPLE",
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session_token: Some("IQoJb3/EXAMPLE+tok=="),
        region: "us-west-2",
        signed_at: unix_seconds((2026, 11, 22), (4, 33, 12)),
        cluster: "my-cluster",
        url_expires_in: 60,
        token: "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtd2VzdC0yLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BS0lERVhBTVBMRSUyRjIwMjYxMTIyJTJGdXMtd2VzdC0yJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjExMjJUMDQzMzEyWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TZWN1cml0eS1Ub2tlbj1JUW9KYjMlMkZFWEFNUExFJTJCdG9rJTNEJTNEJlgtQW16LVNpZ25hdHVyZT1kMWNhZjg0MTJlZTk1Y2NlZTI1ZjMwMWIzOTQ2ZGM0YjYxZjBmZDk3Y2QyZjQ5NTI5MzI3Mzg3ZTIxNGY5M2Y4",
        signature: "d1caf8412ee95ccee25f301b3946dc4b61f0fd97cd2f49529327387e214f93f8",
        // The session token comes behind the signed headers there.
        same_order: false,
    }
}

#[test]
fn each_token_is_the_one_that_the_other_program_made() {
    for vector in vectors() {
        for credentials in vector.both_credentials() {
            let token = Token::new(&credentials, &vector.request()).expect("a token");
            let url = url_of(&token.value);
            let signature = url.rsplit_once("&X-Amz-Signature=").map(|(_, it)| it);
            assert_eq!(signature, Some(vector.signature), "{}", vector.source);
            if vector.same_order {
                assert_eq!(token.value, vector.token, "{}", vector.source);
            }
            assert_eq!(parameters(&url), parameters(&url_of(vector.token)), "{}", vector.source);
        }
    }
}

#[test]
fn a_token_is_its_url_in_base64() {
    for vector in vectors() {
        for credentials in vector.both_credentials() {
            let token = Token::new(&credentials, &vector.request()).expect("a token");
            let url = PresignedUrl::new(&credentials, &vector.request()).expect("a URL");
            assert_eq!(token.value, token_of(url.expose()), "{}", vector.source);
            assert_eq!(url.header(), ("x-k8s-aws-id", vector.cluster));
            let url_expires_at = vector.signed_at + u64::from(vector.url_expires_in);
            assert_eq!(url.expires_at(), url_expires_at);
            assert_eq!(token_of(&url.into_url()), token.value);
        }
    }
}

#[test]
fn the_authenticators_token_lives_for_fourteen_minutes() {
    let vector = aws_iam_authenticator();
    let token = Token::new(&vector.credentials(), &vector.request()).expect("a token");
    assert_eq!(token.value.len(), 493);
    assert_eq!(token.expires_at, vector.signed_at + 14 * 60);
}

/// A temporary key id without its session token, as in the authenticator's test, is of no use
/// with STS: the user is told so.
#[test]
fn a_finding_says_that_the_session_token_is_missing() {
    for (vector, expected) in [
        (aws_iam_authenticator(), &["missing-session-token"][..]),
        (aws_sdk_ruby(), &[]),
        (aws_cli(), &[]),
    ] {
        let token = Token::new(&vector.credentials(), &vector.request()).expect("a token");
        let codes: Vec<&str> = token.findings.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, expected, "{}", vector.source);
    }
}

#[test]
fn each_token_is_recognised() {
    for vector in vectors() {
        for credentials in vector.both_credentials() {
            assert_eq!(vector.verify(vector.token, &credentials), Ok(true), "{}", vector.source);
        }
    }
}

#[test]
fn no_other_cluster_or_credentials_fit_a_token() {
    for vector in vectors() {
        let cluster = common::cluster("another-cluster");
        for credentials in vector.both_credentials() {
            let verified = verify(vector.token, &credentials, &cluster);
            assert_eq!(verified, Ok(false), "another cluster: {}", vector.source);
        }
        for (what, credentials) in vector.other_credentials() {
            let verified = vector.verify(vector.token, &credentials);
            assert_eq!(verified, Ok(false), "{what}: {}", vector.source);
        }
    }
}

#[test]
fn a_token_cut_anywhere_is_not_recognised() {
    for vector in vectors() {
        for credentials in vector.both_credentials() {
            for length in 0..vector.token.len() {
                let verified = vector.verify(&vector.token[..length], &credentials);
                assert_eq!(verified, Ok(false), "{length} bytes of {}", vector.source);
            }
        }
    }
}

/// What is added was not signed, wherever it stands.
#[test]
fn a_token_with_something_added_is_not_recognised() {
    for vector in vectors() {
        let url = url_of(vector.token);
        let changes = [
            format!("{url}&x-id=GetCallerIdentity"),
            format!("{url}&X-Amz-Expires={}", vector.url_expires_in),
            format!("{url}&X-Amz-Signature={}", vector.signature),
            format!("{url}%00"),
            format!("{url}0"),
            url.replace("/?", "/?X-Amz-Expires=900&"),
            url.replace("/?", "/sts?"),
            url.replace("/?", "//?"),
            url.replace("/?", "?"),
            url.replace("%2Fsts%2F", "%2Fsts%2Fsts%2F"),
            url.replace("sts.", "sts-fips."),
            url.replace("https:", "http:"),
        ];
        for changed in changes {
            assert_ne!(changed, url);
            for credentials in vector.both_credentials() {
                let verified = vector.verify(&token_of(&changed), &credentials);
                assert_eq!(verified, Ok(false), "{changed}");
            }
        }
    }
}

/// With day keys, a token that names another day or region than theirs is an error: there is
/// nothing to answer from.
#[test]
fn a_token_with_one_character_changed_is_not_recognised() {
    for vector in vectors() {
        let url = url_of(vector.token);
        for (index, character) in url.char_indices() {
            let mut changed = url.clone();
            let other = char::from(character as u8 ^ 1).to_string();
            changed.replace_range(index..=index, &other);
            let token = token_of(&changed);
            let verified = vector.verify(&token, &vector.credentials());
            assert_eq!(verified, Ok(false), "{changed}");
            let verified = vector.verify(&token, &vector.day_key_credentials());
            let refused = [Ok(false), Err(Error::NoMatchingSigningKey)];
            assert!(refused.contains(&verified), "{changed}");
        }
    }
}

#[test]
fn a_day_key_of_another_day_or_region_makes_no_answer() {
    for vector in vectors() {
        let credentials = vector.credentials();
        let tomorrow = time(vector.signed_at + 86_400).day();
        let today = time(vector.signed_at).day();
        for (region, day) in [(vector.region, tomorrow), ("eu-west-1", today)] {
            let credentials =
                with_day_key(&credentials, &region.to_owned().try_into().expect("a region"), day);
            let token = Token::new(&credentials, &vector.request());
            assert_eq!(token.err(), Some(Error::NoMatchingSigningKey));
            let verified = vector.verify(vector.token, &credentials);
            assert_eq!(verified, Err(Error::NoMatchingSigningKey));
        }
    }
}

impl Vector {
    fn credentials(&self) -> Credentials {
        credentials(self.access_key_id, self.secret, self.session_token)
    }

    fn day_key_credentials(&self) -> Credentials {
        let day = time(self.signed_at).day();
        with_day_key(&self.credentials(), &region(self.region), day)
    }

    fn both_credentials(&self) -> [Credentials; 2] {
        [self.credentials(), self.day_key_credentials()]
    }

    /// Each differs from the right ones in one thing.
    fn other_credentials(&self) -> [(&'static str, Credentials); 4] {
        let other_secret = secret("another secret");
        let other_session_token = "another+session/token==";
        let with_other_secret = Credentials {
            material: SigningMaterial::SecretAccessKey(other_secret),
            ..self.credentials()
        };
        let day = time(self.signed_at).day();
        [
            ("another key of the day", with_day_key(&with_other_secret, &region(self.region), day)),
            ("another secret", with_other_secret),
            ("another key id", credentials("AKIDOTHER", self.secret, self.session_token)),
            (
                "another session token",
                credentials(self.access_key_id, self.secret, Some(other_session_token)),
            ),
        ]
    }

    fn request(&self) -> TokenRequest {
        TokenRequest {
            url_expires_in: UrlExpiry::try_from(self.url_expires_in).expect("an expiry"),
            ..request(self.cluster, self.region, self.signed_at)
        }
    }

    fn cluster(&self) -> Cluster {
        common::cluster(self.cluster)
    }

    fn verify(&self, token: &str, credentials: &Credentials) -> Result<bool, Error> {
        verify(token, credentials, &self.cluster())
    }
}
