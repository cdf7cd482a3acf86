//! Nothing secret is left in the component's memory after a call, whether it succeeded or not.
//!
//! After each call the whole linear memory is searched for every run of eight bytes of every
//! secret: the secret access key, the keys derived from it at each step, the session token, the
//! token and the presigned URL inside it. Runs that stand in a fresh instance are constants of the
//! program, not secrets. The same search on a build without the wiping must find something.

#![cfg(feature = "compiler")]

#[path = "../build/component.rs"]
mod component;
#[path = "common/guest.rs"]
mod guest;
#[path = "common/observed_memory.rs"]
mod observed_memory;

use std::collections::HashSet;
use std::path::Path;

use base64::Engine as _;
use guest::{Guest, Program, types};
use hmac::{Hmac, KeyInit, Mac};
use observed_memory::Observer;
use sha2::Sha256;

const FRAGMENT: usize = 8;
const SECRET: &str = "zK3vQ9xW7pLr5TnY2bHc8JdFg4MsXa6UeVw1RiCo";
const SIGNED_AT: u64 = 1_763_784_792;
const DAY: u32 = 20_251_122;
const REGION: &str = "eu-central-1";
const CLUSTER: &str = "my-cluster";

/// What a call answered that is secret itself.
type Answer = Vec<Vec<u8>>;

/// A name, and what is called.
struct Case {
    name: &'static str,
    call: fn(&mut Guest) -> Answer,
}

#[test]
fn nothing_secret_is_left_after_any_call() {
    let memory = Observer::default();
    let program = Program::compile(guest::COMPONENT, &memory.config());
    for case in cases() {
        let found = fragments_left(&program, &memory, &case);
        assert_eq!(found, 0, "{}: fragments left", case.name);
    }
}

#[test]
fn the_search_finds_what_an_unwiped_build_leaves() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("it");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unwiped");
    let unwiped = component::build(&workspace, &folder, &["--cfg", "eks_token_unwiped"])
        .expect("the component builds without wiping");
    let memory = Observer::default();
    let program = Program::compile(unwiped.to_str().expect("a path"), &memory.config());
    for case in cases() {
        let found = fragments_left(&program, &memory, &case);
        assert!(found > 0, "{}: the search found nothing where nothing was wiped", case.name);
    }
}

/// How many runs of eight secret bytes stand in memory once the results are out.
fn fragments_left(program: &Program, memory: &Observer, case: &Case) -> usize {
    let mut guest = program.start();
    let constants = fragments(&memory.snapshot());
    let answer = (case.call)(&mut guest);
    let mut secrets: HashSet<[u8; FRAGMENT]> = HashSet::new();
    for secret in known_secrets().iter().chain(&answer) {
        secrets.extend(fragments(secret));
    }
    let left = fragments(&memory.snapshot());
    secrets.difference(&constants).filter(|fragment| left.contains(*fragment)).count()
}

fn fragments(bytes: &[u8]) -> HashSet<[u8; FRAGMENT]> {
    bytes.windows(FRAGMENT).map(|window| window.try_into().expect("of that length")).collect()
}

/// The secret, the key of each step, and the session token.
fn known_secrets() -> Vec<Vec<u8>> {
    let mut secrets = vec![SECRET.into(), session_token().into_bytes()];
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in [DAY.to_string().as_str(), REGION, "sts", "aws4_request"] {
        key = hmac(&key, step);
        secrets.push(key.clone());
    }
    secrets
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// 800 characters with no period, so that its fragments are its own.
fn session_token() -> String {
    let mut state = 88_172_645_463_325_252_u64;
    let alphabet: Vec<char> =
        ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        alphabet[usize::try_from(state % 64).expect("small")]
    };
    (0..800).map(|_| next()).collect()
}

fn credentials() -> types::Credentials {
    types::Credentials {
        access_key_id: "ASIAIOSFODNN7EXAMPLE".into(),
        material: types::SigningMaterial::SecretAccessKey(SECRET.into()),
        session_token: Some(session_token()),
        expires_at: None,
    }
}

fn day_key_credentials() -> types::Credentials {
    let key = types::SigningKey {
        bytes: known_secrets().pop().expect("the last key"),
        signing_region: REGION.into(),
        day: DAY,
    };
    types::Credentials { material: types::SigningMaterial::SigningKeys(vec![key]), ..credentials() }
}

fn request() -> types::TokenRequest {
    types::TokenRequest {
        cluster: CLUSTER.into(),
        region: REGION.into(),
        endpoint: types::StsEndpoint::Regional(types::EndpointFeatures::empty()),
        signed_at: SIGNED_AT,
        url_expires_in: None,
        lifetime: None,
    }
}

/// The token and the URL inside it.
fn token_secrets(token: &types::Token) -> Answer {
    let encoded = token.value.strip_prefix("k8s-aws-v1.").expect("the prefix");
    let url = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(encoded).expect("base64");
    vec![token.value.clone().into_bytes(), url]
}

/// A token, made natively: the guest has not seen it yet.
fn foreign_token() -> types::Token {
    let credentials = eks_token_host::Credentials {
        access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned().try_into().expect("a key id"),
        material: eks_token_host::SigningMaterial::SecretAccessKey(
            SECRET.to_owned().try_into().expect("a secret"),
        ),
        session_token: Some(session_token().try_into().expect("a session token")),
        expires_at: None,
    };
    let request = eks_token_host::TokenRequest {
        cluster: CLUSTER.to_owned().try_into().expect("a cluster"),
        region: REGION.to_owned().try_into().expect("a region"),
        endpoint: eks_token_host::StsEndpoint::default(),
        signed_at: eks_token_host::SigningTime::from_unix_seconds(SIGNED_AT).expect("a time"),
        url_expires_in: eks_token_host::UrlExpiry::default(),
        lifetime: eks_token_host::Lifetime::default(),
    };
    let token = eks_token_host::Token::new(&credentials, &request).expect("a token");
    types::Token { value: token.value, expires_at: token.expires_at, findings: Vec::new() }
}

fn create(
    guest: &mut Guest,
    credentials: &types::Credentials,
    request: &types::TokenRequest,
) -> Answer {
    guest.create_token(credentials, request).as_ref().map(token_secrets).unwrap_or_default()
}

/// Calls that fail answer with nothing, and must leave nothing.
fn refused(
    guest: &mut Guest,
    credentials: &types::Credentials,
    request: &types::TokenRequest,
) -> Answer {
    guest.create_token(credentials, request).expect_err("it is refused");
    Vec::new()
}

fn cases() -> Vec<Case> {
    let case = |name, call| Case { name, call };
    vec![
        case("create-token with the secret", |guest| create(guest, &credentials(), &request())),
        case("create-token with a day key", |guest| {
            create(guest, &day_key_credentials(), &request())
        }),
        case("create-token, twice", |guest| {
            create(guest, &credentials(), &request());
            create(guest, &day_key_credentials(), &request())
        }),
        case("create-token refused: unknown region", |guest| {
            refused(
                guest,
                &credentials(),
                &types::TokenRequest { region: "moon".into(), ..request() },
            )
        }),
        case("create-token refused: expired credentials", |guest| {
            refused(guest, &types::Credentials { expires_at: Some(1), ..credentials() }, &request())
        }),
        case("create-token refused: a session token with a line break", |guest| {
            let session_token = Some(session_token() + "\n");
            refused(guest, &types::Credentials { session_token, ..credentials() }, &request())
        }),
        case("create-token refused: no key for the day", |guest| {
            let request = types::TokenRequest { signed_at: SIGNED_AT + 86_400, ..request() };
            refused(guest, &day_key_credentials(), &request)
        }),
        case("presign", |guest| {
            let signer = guest.world.eks_token_signer();
            let request = signer
                .call_presign(&mut guest.store, &credentials(), &request())
                .expect("no trap")
                .expect("a request");
            vec![request.url.into_bytes()]
        }),
        case("derive-signing-key", |guest| {
            let endpoint = request().endpoint;
            guest
                .world
                .eks_token_signer()
                .call_derive_signing_key(&mut guest.store, SECRET, REGION, &endpoint, DAY)
                .expect("no trap")
                .expect("a key");
            Vec::new()
        }),
        case("inspect", |guest| {
            let token = foreign_token();
            guest
                .world
                .eks_token_inspector()
                .call_inspect(&mut guest.store, &token.value, None, SIGNED_AT)
                .expect("no trap")
                .expect("an inspection");
            token_secrets(&token)
        }),
        case("verify", |guest| {
            let token = foreign_token();
            let verified = guest
                .world
                .eks_token_inspector()
                .call_verify(&mut guest.store, &token.value, &credentials(), CLUSTER)
                .expect("no trap")
                .expect("an answer");
            assert!(verified);
            token_secrets(&token)
        }),
        case("exec-credential", |guest| {
            let token = foreign_token();
            guest
                .world
                .eks_token_exec()
                .call_exec_credential(&mut guest.store, &token, Some("{"))
                .expect("no trap")
                .expect("an answer");
            token_secrets(&token)
        }),
    ]
}
