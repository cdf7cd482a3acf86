//! The component as a file, and the known answers through it.

#![cfg(feature = "compiler")]

#[path = "common/guest.rs"]
mod guest;
#[path = "common/observed_memory.rs"]
mod observed_memory;

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use guest::{Guest, Program, types};
use observed_memory::Observer;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};

fn guest() -> Guest {
    Program::compile(guest::COMPONENT, &Config::new()).start()
}

#[test]
fn it_imports_nothing_and_exports_the_four_interfaces() {
    let engine = Engine::new(&Config::new()).expect("the configuration is valid");
    let wasm = fs::read(guest::COMPONENT).expect("it was built");
    let component = Component::from_binary(&engine, &wasm).expect("it is a component");
    let component_type = component.component_type();
    assert_eq!(component_type.imports(&engine).count(), 0);
    let mut exports: Vec<_> =
        component_type.exports(&engine).map(|(name, _)| name.to_owned()).collect();
    exports.sort_unstable();
    let expected = ["exec", "inspector", "signer", "types"];
    assert_eq!(exports, expected.map(|name| format!("eks:token/{name}@0.1.0")));
}

#[test]
fn it_starts_with_two_pages_of_memory() {
    let memory = Observer::default();
    let program = Program::compile(guest::COMPONENT, &memory.config());
    let _guest = program.start();
    assert_eq!(memory.snapshot().len(), 2 * 64 * 1024);
}

/// The figure is a ceiling to notice growth by, not an aim.
#[test]
fn it_is_small_and_names_no_path_of_the_building_machine() {
    let wasm = fs::read(guest::COMPONENT).expect("it was built");
    println!("size of the component: {} bytes", wasm.len());
    assert!(wasm.len() <= SIZE_LIMIT, "{} bytes", wasm.len());
    let home = std::env::var("HOME").unwrap_or_default();
    for path in [env!("CARGO_MANIFEST_DIR").trim_end_matches("/host-test"), &home] {
        let is_path = path.len() > 1;
        let found = wasm.windows(path.len().max(1)).any(|window| window == path.as_bytes());
        assert!(!(is_path && found), "{path} stands in the component");
    }
}

const SIZE_LIMIT: usize = 160 * 1024;

/// `pkg/token/token_test.go` of aws-iam-authenticator, `TestGetWithSTS`.
#[test]
fn the_authenticators_known_answer() {
    let decode = |text| String::from_utf8(STANDARD.decode(text).expect("base64")).expect("text");
    let credentials = types::Credentials {
        access_key_id: decode("QVNJQVIyVEc0NFY2QVMzWlpFN0M="),
        material: types::SigningMaterial::SecretAccessKey(decode(
            "NEtENWNudEdjVm1MV1JkRjV3dk5SdXpOTDVReG1wNk9LVlk2RnovUQ==",
        )),
        session_token: None,
        expires_at: None,
    };
    let request = request("test-cluster", 1_682_640_000);
    let token = guest().create_token(&credentials, &request).expect("a token");
    assert_eq!(token.value.len(), 493);
    assert_eq!(token.expires_at, 1_682_640_840);
    let id = &credentials.access_key_id;
    assert_eq!(
        url(&token),
        format!(
            "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15\
             &X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential={id}%2F20230428%2Fus-west-2%2Fsts%2Faws4_request\
             &X-Amz-Date=20230428T000000Z&X-Amz-Expires=60\
             &X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
             &X-Amz-Signature=e211dba77aba9dc44b0b6be38b8eaad092599c5157f6314444c5b9d85747f5ce"
        )
    );
}

/// `spec/aws/sts/presigner_spec.rb` of aws-sdk-ruby.
#[test]
fn the_ruby_sdks_known_answer() {
    let credentials = types::Credentials {
        access_key_id: "akid".into(),
        material: types::SigningMaterial::SecretAccessKey("secret".into()),
        session_token: None,
        expires_at: None,
    };
    // 2016-01-01T11:22:33Z
    let request = types::TokenRequest {
        url_expires_in: Some(900),
        ..request("my-eks-cluster", 1_451_647_353)
    };
    let token = guest().create_token(&credentials, &request).expect("a token");
    let url = url(&token);
    assert!(url.contains("&X-Amz-Date=20160101T112233Z&X-Amz-Expires=900&"));
    let (_, signature) = url.rsplit_once("&X-Amz-Signature=").expect("a signature");
    assert!(signature.starts_with("98828ca9") && signature.ends_with("f51a"), "{signature}");
}

/// AWS CLI 1.45.11 under a frozen clock. It puts the session token elsewhere in the URL; the
/// signature and the set of parameters are the same.
#[test]
fn the_aws_clis_known_answer() {
    let credentials = types::Credentials {
        access_key_id: "AKIDEXAMPLE".into(),
        material: types::SigningMaterial::SecretAccessKey(
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        ),
        session_token: Some("IQoJb3/EXAMPLE+tok==".into()),
        expires_at: None,
    };
    // 2026-11-22T04:33:12Z
    let token =
        guest().create_token(&credentials, &request("my-cluster", 1_795_321_992)).expect("a token");
    let url = url(&token);
    let mut parameters: Vec<&str> = url.split_once("/?").expect("a query").1.split('&').collect();
    parameters.sort_unstable();
    assert_eq!(
        parameters,
        [
            "Action=GetCallerIdentity",
            "Version=2011-06-15",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Fus-west-2%2Fsts%2Faws4_request",
            "X-Amz-Date=20261122T043312Z",
            "X-Amz-Expires=60",
            "X-Amz-Security-Token=IQoJb3%2FEXAMPLE%2Btok%3D%3D",
            "X-Amz-Signature=d1caf8412ee95ccee25f301b3946dc4b61f0fd97cd2f49529327387e214f93f8",
            "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id",
        ]
    );
}

fn request(cluster: &str, signed_at: u64) -> types::TokenRequest {
    types::TokenRequest {
        cluster: cluster.into(),
        region: "us-west-2".into(),
        endpoint: types::StsEndpoint::Regional(types::EndpointFeatures::empty()),
        signed_at,
        url_expires_in: None,
        lifetime: None,
    }
}

fn url(token: &types::Token) -> String {
    let encoded = token.value.strip_prefix("k8s-aws-v1.").expect("the prefix");
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).expect("base64")).expect("text")
}
