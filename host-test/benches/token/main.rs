//! One table: a token by aws-sigv4 natively, by our core natively, and by the component, warm and
//! with a fresh instance each. All columns are measured in turn in every round, so that a machine
//! whose speed drifts does not favour one of them; a figure is the median of its rounds.

#[path = "../../tests/common/guest.rs"]
mod guest;
mod process;

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use eks_token_host::{
    Credentials, DayKey, Signer, SigningMaterial, SigningTime, Token, TokenRequest,
};
use guest::{Guest, Program, types};

const ROUNDS: usize = 60;
const CALLS: u32 = 200;
const SIGNED_AT: u64 = 1_763_784_792;
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const KEY_ID: &str = "AKIDEXAMPLE";
const REGION: &str = "us-west-2";
const CLUSTER: &str = "my-cluster";

type Work<'a> = Box<dyn FnMut() + 'a>;

fn main() {
    // `cargo test` runs benches too, to see that they build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    // First, while this process is small: a child's peak memory begins with its parent's.
    let processes = process::compare();
    println!(
        "A token, in microseconds (median of {ROUNDS} rounds of {CALLS}), and as a multiple of"
    );
    println!("aws-sigv4 in the same round:\n");
    println!("{:<44}{:>10}{:>8}{:>12}{:>8}", "", "static", "", "session", "");
    let session_token: String = "IQoJb3JpZ2luX2Vj/+".chars().cycle().take(800).collect();
    let plain = measure(None);
    let session = measure(Some(&session_token));
    for ((name, plain), (_, session)) in plain.iter().zip(&session) {
        println!(
            "{name:<44}{:>10.1}{:>8}{:>12.1}{:>8}",
            plain.micros,
            format!("×{:.2}", plain.ratio),
            session.micros,
            format!("×{:.2}", session.ratio),
        );
    }
    println!("\n{processes}");
}

/// Microseconds and the median ratio to the first column of the same round.
struct Figure {
    micros: f64,
    ratio: f64,
}

fn measure(session_token: Option<&str>) -> Vec<(&'static str, Figure)> {
    let secret = credentials(session_token, false);
    let day_key = credentials(session_token, true);
    let request = request();
    let signer = Signer::new().expect("the component runs here");
    let mut warm_secret = warm();
    let mut warm_day_key = warm();
    let (raw_secret, raw_day_key) = (raw(session_token, &secret), raw(session_token, &day_key));
    let raw_request = raw_request();

    let mut columns: Vec<(&'static str, Work<'_>)> = vec![
        ("aws-sigv4, native", Box::new(|| drop(black_box(by_aws_sigv4(session_token))))),
        ("our core, native, secret", Box::new(|| drop(black_box(Token::new(&secret, &request))))),
        ("our core, native, day key", Box::new(|| drop(black_box(Token::new(&day_key, &request))))),
        (
            "component, fresh instance, secret",
            Box::new(|| drop(black_box(signer.create_token(&secret, &request).expect("a token")))),
        ),
        (
            "component, fresh instance, day key",
            Box::new(|| drop(black_box(signer.create_token(&day_key, &request).expect("a token")))),
        ),
        (
            "component, warm, secret",
            Box::new(|| drop(black_box(warm_secret.create_token(&raw_secret, &raw_request)))),
        ),
        (
            "component, warm, day key",
            Box::new(|| drop(black_box(warm_day_key.create_token(&raw_day_key, &raw_request)))),
        ),
    ];
    let mut rounds = vec![Vec::new(); columns.len()];
    for round in 0..=ROUNDS {
        for ((_, work), times) in columns.iter_mut().zip(&mut rounds) {
            let time = per_call(work);
            // The first round warms up.
            if round > 0 {
                times.push(time.as_secs_f64() * 1e6);
            }
        }
    }
    let base = rounds.first().cloned().unwrap_or_default();
    let figure = |times: &[f64]| Figure {
        micros: median(times.to_vec()),
        ratio: median(times.iter().zip(&base).map(|(time, base)| time / base).collect()),
    };
    columns.iter().zip(&rounds).map(|((name, _), times)| (*name, figure(times))).collect()
}

fn per_call(work: &mut Work<'_>) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        work();
    }
    start.elapsed() / CALLS
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn credentials(session_token: Option<&str>, derived: bool) -> Credentials {
    let secret = SECRET.to_owned().try_into().expect("a secret");
    let material = if derived {
        let day = SigningTime::from_unix_seconds(SIGNED_AT).expect("a time").day();
        let region = REGION.to_owned().try_into().expect("a region");
        SigningMaterial::DayKeys(vec![DayKey::derive(&secret, region, day)])
    } else {
        SigningMaterial::SecretAccessKey(secret)
    };
    Credentials {
        access_key_id: KEY_ID.to_owned().try_into().expect("a key id"),
        material,
        session_token: session_token
            .map(|text| text.to_owned().try_into().expect("a session token")),
        expires_at: None,
    }
}

fn request() -> TokenRequest {
    TokenRequest {
        cluster: CLUSTER.to_owned().try_into().expect("a cluster"),
        region: REGION.to_owned().try_into().expect("a region"),
        endpoint: eks_token_host::StsEndpoint::default(),
        signed_at: SigningTime::from_unix_seconds(SIGNED_AT).expect("a time"),
        url_expires_in: eks_token_host::UrlExpiry::default(),
        lifetime: eks_token_host::Lifetime::default(),
    }
}

/// Compiled with the extensions of this CPU, as what ships is with those that matter.
fn warm() -> Guest {
    let mut config = wasmtime::Config::new();
    config.epoch_interruption(true);
    Program::compile(guest::COMPONENT, &config).start()
}

fn raw(session_token: Option<&str>, credentials: &Credentials) -> types::Credentials {
    types::Credentials {
        access_key_id: KEY_ID.to_owned(),
        material: match &credentials.material {
            SigningMaterial::DayKeys(keys) => types::SigningMaterial::SigningKeys(
                keys.iter()
                    .map(|key| types::SigningKey {
                        bytes: key.key.expose().to_vec(),
                        signing_region: key.signing_region.as_str().to_owned(),
                        day: key.day.number(),
                    })
                    .collect(),
            ),
            SigningMaterial::SecretAccessKey(_) => {
                types::SigningMaterial::SecretAccessKey(SECRET.to_owned())
            }
        },
        session_token: session_token.map(ToOwned::to_owned),
        expires_at: None,
    }
}

fn raw_request() -> types::TokenRequest {
    types::TokenRequest {
        cluster: CLUSTER.to_owned(),
        region: REGION.to_owned(),
        endpoint: types::StsEndpoint::Regional(types::EndpointFeatures::empty()),
        signed_at: SIGNED_AT,
        url_expires_in: None,
        lifetime: None,
    }
}

/// The same token by the AWS SDK's own signer, base64 included.
fn by_aws_sigv4(session_token: Option<&str>) -> String {
    use base64::Engine as _;

    let identity =
        AwsCredentials::new(KEY_ID, SECRET, session_token.map(ToOwned::to_owned), None, "bench")
            .into();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_mins(1));
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("sts")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED_AT))
        .settings(settings)
        .build()
        .expect("all parameters are set")
        .into();
    let url = "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
    let headers = [("x-k8s-aws-id", CLUSTER)];
    let request = SignableRequest::new("GET", url, headers.into_iter(), SignableBody::Bytes(b""))
        .expect("a request");
    let (instructions, _) = sign(request, &parameters).expect("a signature").into_parts();
    let mut signed = http::Request::builder().uri(url).body(()).expect("a request");
    instructions.apply_to_request_http1x(&mut signed);
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signed.uri().to_string());
    format!("k8s-aws-v1.{encoded}")
}
