//! The 40 token inputs that Rust, Python, Node and browsers must give one answer to.
//!
//! `plugins/vectors/tokens.json` holds them as data. Here the core answers all of them, and a signer
//! that none of ours is in signs each that succeeds, so that the file is more than our own echo.
//! `plugins/vectors/README.md` says how new answers are written down.

mod common;
mod vectors;

use common::oracle::Question;
use common::url_of;
use eks_token_signer::sigv4::PathStyle;
use eks_token_signer::{
    Credentials, DayKey, EndpointFeatures, Error, Invalid, Lifetime, SigningMaterial, SigningTime,
    StsEndpoint, Token, TokenRequest, UrlExpiry,
};
use serde_json::{Value, json};
use vectors::{number, text};

const FILE: &str = "tokens.json";

#[test]
fn the_core_answers_as_the_vectors_say() {
    vectors::compare(FILE, |vector| match create_token(vector) {
        Ok(token) => json!({
            "token": token.value,
            "expires-at": token.expires_at,
            "findings": token.findings.iter().map(|it| &it.code).collect::<Vec<_>>(),
        }),
        Err(error) => {
            json!({ "error": error_case(error), "message": error.to_string() })
        }
    });
}

#[test]
fn there_are_28_tokens_and_12_errors() {
    let (tokens, errors): (Vec<_>, Vec<_>) =
        vectors::vectors(FILE).into_iter().partition(|it| it["expected"]["error"].is_null());
    assert_eq!((tokens.len(), errors.len()), (28, 12));
}

/// The host is not ours either: the file names it. Day keys are signed with elsewhere by the secret
/// that they were derived from.
#[test]
fn another_signer_signs_each_token_the_same() {
    let mut signed = 0;
    for vector in vectors::vectors(FILE) {
        let Some(token) = vector["expected"]["token"].as_str() else { continue };
        let url = url_of(token);
        let signature = url.rsplit_once("&X-Amz-Signature=").expect("a signature").1;
        assert_eq!(signature, sign_elsewhere(&vector), "{}", vector["name"]);
        assert!(url.starts_with(&format!("https://{}/?", text(&vector["sts-host"]))));
        signed += 1;
    }
    assert_eq!(signed, 28);
}

/// The negative control of the test above.
#[test]
fn another_signer_signs_another_secret_differently() {
    let mut vector = vectors::vectors(FILE).swap_remove(3);
    let signature = sign_elsewhere(&vector);
    vector["credentials"]["material"]["secret-access-key"] = json!("another secret");
    assert_ne!(signature, sign_elsewhere(&vector));
}

fn sign_elsewhere(vector: &Value) -> String {
    let Value::Object(credentials) = &vector["credentials"] else { panic!("no credentials") };
    let request = &vector["request"];
    let secret = vector["derived-from"].as_str();
    let secret = secret.or_else(|| credentials["material"]["secret-access-key"].as_str());
    let host = text(&vector["sts-host"]);
    Question {
        access_key_id: &text(&credentials["access-key-id"]),
        secret: secret.expect("a secret"),
        session_token: credentials["session-token"].as_str(),
        region: &signing_region(request),
        service: "sts",
        signed_at: number(&request["signed-at"]).expect("a time"),
        expires_in: small_number(&request["url-expires-in"]).unwrap_or(60),
        method: "GET",
        url: &format!("https://{host}/?Action=GetCallerIdentity&Version=2011-06-15"),
        path_style: PathStyle::AsIs,
        headers: &[("x-k8s-aws-id", &text(&request["cluster"]))],
    }
    .ask()
    .signature
}

fn signing_region(request: &Value) -> String {
    let endpoint = request["endpoint"].as_object().expect("an endpoint");
    if endpoint.contains_key("global") {
        return "us-east-1".to_owned();
    }
    let custom = endpoint.get("custom").map(|it| text(&it["signing-region"]));
    custom.unwrap_or_else(|| text(&request["region"]))
}

/// In the order in which the component checks its arguments (`src/component.rs`).
fn create_token(vector: &Value) -> Result<Token, Error> {
    Token::new(&credentials(&vector["credentials"])?, &request(&vector["request"])?)
}

fn credentials(value: &Value) -> Result<Credentials, Error> {
    Ok(Credentials {
        access_key_id: text(&value["access-key-id"]).try_into()?,
        material: material(&value["material"])?,
        session_token: match &value["session-token"] {
            Value::Null => None,
            token => Some(text(token).try_into()?),
        },
        expires_at: number(&value["expires-at"]),
    })
}

fn material(value: &Value) -> Result<SigningMaterial, Error> {
    let Some(keys) = value["signing-keys"].as_array() else {
        return Ok(SigningMaterial::SecretAccessKey(text(&value["secret-access-key"]).try_into()?));
    };
    Ok(SigningMaterial::DayKeys(keys.iter().map(day_key).collect::<Result<_, _>>()?))
}

fn day_key(value: &Value) -> Result<DayKey, Error> {
    let bytes = hex::decode(text(&value["bytes"])).expect("hexadecimal digits");
    Ok(DayKey {
        key: bytes.as_slice().try_into()?,
        signing_region: text(&value["signing-region"]).try_into()?,
        day: small_number(&value["day"]).expect("a day").try_into()?,
    })
}

fn request(value: &Value) -> Result<TokenRequest, Error> {
    Ok(TokenRequest {
        cluster: text(&value["cluster"]).try_into()?,
        region: text(&value["region"]).try_into()?,
        endpoint: endpoint(&value["endpoint"])?,
        signed_at: SigningTime::from_unix_seconds(number(&value["signed-at"]).expect("a time"))?,
        url_expires_in: match small_number(&value["url-expires-in"]) {
            None => UrlExpiry::default(),
            Some(seconds) => seconds.try_into()?,
        },
        lifetime: match small_number(&value["lifetime"]) {
            None => Lifetime::default(),
            Some(seconds) => seconds.try_into()?,
        },
    })
}

fn endpoint(value: &Value) -> Result<StsEndpoint, Error> {
    let (case, payload) = value.as_object().expect("an endpoint").iter().next().expect("a case");
    Ok(match case.as_str() {
        "regional" => {
            let has = |name: &str| payload.as_array().expect("flags").contains(&json!(name));
            StsEndpoint::Regional(EndpointFeatures {
                fips: has("fips"),
                dual_stack: has("dual-stack"),
            })
        }
        "global" => StsEndpoint::Global,
        "custom" => StsEndpoint::Custom {
            host: text(&payload["host"]).try_into()?,
            signing_region: text(&payload["signing-region"]).try_into()?,
        },
        other => panic!("{other} is no endpoint"),
    })
}

fn small_number(value: &Value) -> Option<u32> {
    number(value).map(|it| u32::try_from(it).expect("32 bits"))
}

/// The error as `wit/token.wit` names it: the case, then the case of its reason with what that holds.
fn error_case(error: Error) -> Value {
    let (case, why) = match error {
        Error::AccessKeyId(why) => ("access-key-id", why),
        Error::SecretAccessKey(why) => ("secret-access-key", why),
        Error::SessionToken(why) => ("session-token", why),
        Error::SigningKey(why) => ("signing-key", why),
        Error::Cluster(why) => ("cluster", why),
        Error::Region(why) => ("region", why),
        Error::Host(why) => ("host", why),
        Error::SignedAt(why) => ("signed-at", why),
        Error::UrlExpiresIn(why) => ("url-expires-in", why),
        Error::Lifetime(why) => ("lifetime", why),
        Error::ExpiresAt(why) => ("expires-at", why),
        Error::UnknownRegion => return json!({ "case": "unknown-region" }),
        Error::UnknownPartition => return json!({ "case": "unknown-partition" }),
        Error::EndpointUnsupported => return json!({ "case": "endpoint-unsupported" }),
        Error::NoMatchingSigningKey => return json!({ "case": "no-matching-signing-key" }),
        Error::CredentialsExpired { at } => {
            return json!({ "case": "credentials-expired", "value": at });
        }
        other => panic!("{other:?} has no name here yet"),
    };
    let (why, value) = match why {
        Invalid::Empty => ("empty", None),
        Invalid::TooLong { limit } => ("too-long", Some(limit)),
        Invalid::ForbiddenByte { offset } => ("forbidden-byte", Some(offset)),
        Invalid::OutOfRange => ("out-of-range", None),
        other => panic!("{other:?} has no name here yet"),
    };
    json!({ "case": case, "invalid": why, "value": value })
}
