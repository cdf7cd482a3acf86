//! `GetCallerIdentity` and `AssumeRole`.

use std::time::Duration;

use aws_credential_types::Credentials as SdkCredentials;
use eks_token_host::kube::ClientError;
use eks_token_host::sandbox::{
    Api, EXTERNAL_ID, Identity, MFA_SERIAL_NUMBER, MFA_TOKEN_CODE, Role, SandboxOptions,
};

use super::trial::{Trial, issued, now, refusal};

const READER: &str = "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local";

/// What became of it: code and message.
async fn who_am_i(trial: &Trial, credentials: &SdkCredentials) -> Result<String, (String, String)> {
    let answer = trial.sts(credentials).get_caller_identity().send().await;
    match answer {
        Ok(answer) => Ok(answer.arn().expect("an ARN").to_owned()),
        refused => {
            let (status, code, message) = refusal(refused);
            assert_eq!(status, 403, "{code}: {message}");
            Err((code, message))
        }
    }
}

#[tokio::test]
async fn tells_callers_who_they_are() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let answer = trial.sts(&reader).get_caller_identity().send().await.expect("an answer");
    assert_eq!(answer.account(), Some("111122223333"));
    assert_eq!(answer.arn(), Some(READER));
    assert_eq!(answer.user_id(), Some("AROASANDBOXREADERAAA:local"));
    assert_eq!(trial.paths(Api::Sts), ["/?Action=GetCallerIdentity"]);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_who_is_nobody() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let with = |id: &str, secret: &str, token: Option<&str>| {
        SdkCredentials::new(id, secret, token.map(str::to_owned), None, "test")
    };
    let (id, secret, token) =
        (reader.access_key_id(), reader.secret_access_key(), reader.session_token());
    let invalid = "The security token included in the request is invalid.";
    for (credentials, expected_code, expected_message) in [
        (with("ASIAIOSFODNN7EXAMPLE", secret, token), "InvalidClientTokenId", invalid),
        (with(id, secret, Some("another")), "InvalidClientTokenId", invalid),
        (with(id, secret, None), "InvalidClientTokenId", invalid),
        (
            with(id, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", token),
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        ),
    ] {
        let (code, message) = who_am_i(&trial, &credentials).await.expect_err("nobody");
        assert_eq!(code, expected_code);
        assert!(message.starts_with(expected_message), "{message}");
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_clocks_that_are_wrong() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    for (ahead, expected) in [
        (960, Some("Signature expired: ")),
        (840, None),
        (-240, None),
        (-360, Some("Signature not yet current: ")),
    ] {
        trial.set_clock_ahead(ahead);
        let result = who_am_i(&trial, &reader).await;
        match expected {
            None => assert_eq!(result.expect("close enough"), READER),
            Some(expected) => {
                let (code, message) = result.expect_err("too far");
                assert_eq!(code, "SignatureDoesNotMatch");
                assert!(message.starts_with(expected), "{message}");
            }
        }
    }
    // What a client can correct its clock by.
    let skew = 3600;
    trial.set_clock_ahead(skew);
    let answer = trial.sts(&reader).get_caller_identity().send().await.expect_err("too far");
    let date = answer.raw_response().and_then(|answer| answer.headers().get("date"));
    let date = httpdate::parse_http_date(date.expect("a date")).expect("a date");
    let date = date.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert!(date.abs_diff(now() + 3600) < 60, "{date}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_chain_of_three_roles_leads_to_the_pods() {
    let trial = Trial::start().await;
    let stranger = trial.identity(Identity::Stranger);
    let one = trial.assume(&stranger, Role::ChainOne).send().await.expect("the first");
    let one = issued(one.credentials().expect("credentials"));
    let two = trial.assume(&one, Role::ChainTwo).external_id(EXTERNAL_ID).send().await;
    let two = issued(two.expect("the second").credentials().expect("credentials"));
    let three = trial.assume(&two, Role::ChainThree).send().await.expect("the third");
    let user = three.assumed_role_user().expect("a user");
    let arn = "arn:aws:sts::111122223333:assumed-role/chain-three/ada";
    assert_eq!(user.arn(), arn);
    assert_eq!(user.assumed_role_id(), "AROASANDBOXCHAINTHRE:ada");
    let credentials = three.credentials().expect("credentials");
    let lifetime = credentials.expiration().secs() - i64::try_from(now()).expect("a time");
    assert!((3590..=3600).contains(&lifetime), "{lifetime}");
    let three = issued(credentials);
    assert_eq!(who_am_i(&trial, &three).await.expect("an answer"), arn);
    assert_eq!(trial.pods(&three).await.expect("pods"), 12);
    // The cluster knows none of those before.
    for credentials in [&stranger, &one, &two] {
        let error = trial.pods(credentials).await.expect_err("no access entry");
        assert!(matches!(error, ClientError::Unauthorized), "{error}");
    }
    let assumed =
        trial.paths(Api::Sts).iter().filter(|path| *path == "/?Action=AssumeRole").count();
    assert_eq!(assumed, 3);
    let log = trial.log();
    for credentials in [&one, &two, &three] {
        assert!(!log.contains(credentials.secret_access_key()), "a secret in the log");
        assert!(!log.contains(credentials.session_token().expect("a token")), "a token in the log");
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_roles_to_those_they_do_not_trust() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let one = trial.assume(&reader, Role::ChainOne).send().await.expect("the first");
    let one = issued(one.credentials().expect("credentials"));
    let chain_one = "arn:aws:sts::111122223333:assumed-role/chain-one/ada";
    let wrong_path = "arn:aws:iam::111122223333:role/with-path";
    let assume = |credentials, role| trial.assume(credentials, role);
    for (caller, role_arn, request) in [
        (chain_one, Role::ChainTwo.arn(), assume(&one, Role::ChainTwo)),
        (chain_one, Role::ChainTwo.arn(), assume(&one, Role::ChainTwo).external_id("external")),
        (READER, Role::ChainTwo.arn(), assume(&reader, Role::ChainTwo).external_id(EXTERNAL_ID)),
        (chain_one, Role::ChainThree.arn(), assume(&one, Role::ChainThree)),
        (chain_one, Role::Reader.arn(), assume(&one, Role::Reader)),
        (READER, Role::WithMfa.arn(), assume(&reader, Role::WithMfa)),
        (READER, wrong_path.to_owned(), assume(&reader, Role::WithPath).role_arn(wrong_path)),
    ] {
        let (status, code, message) = refusal(request.send().await);
        assert_eq!((status, code.as_str()), (403, "AccessDenied"));
        assert_eq!(
            message,
            format!(
                "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
            )
        );
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_role_with_a_path_loses_it() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let role = trial.assume(&reader, Role::WithPath).send().await.expect("a role");
    let role = issued(role.credentials().expect("credentials"));
    let arn = "arn:aws:sts::111122223333:assumed-role/with-path/ada";
    assert_eq!(who_am_i(&trial, &role).await.expect("an answer"), arn);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn takes_the_right_code_of_the_right_device() {
    let trial = Trial::start().await;
    let stranger = trial.identity(Identity::Stranger);
    let with = |serial_number: &str, code: &str| {
        let request = trial.assume(&stranger, Role::WithMfa);
        request.serial_number(serial_number).token_code(code).send()
    };
    let role = with(MFA_SERIAL_NUMBER, MFA_TOKEN_CODE).await.expect("a role");
    let role = issued(role.credentials().expect("credentials"));
    assert_eq!(trial.pods(&role).await.expect("pods"), 12);
    let (status, code, message) = refusal(with(MFA_SERIAL_NUMBER, "654321").await);
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    assert!(message.contains("invalid MFA one time pass code"), "{message}");
    let other = "arn:aws:iam::111122223333:mfa/bob";
    let (_, code, message) = refusal(with(other, MFA_TOKEN_CODE).await);
    assert_eq!(code, "AccessDenied");
    assert!(message.contains("verify your MFA serial number"), "{message}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn says_what_is_wrong_with_a_request() {
    let trial = Trial::start().await;
    let reader = trial.identity(Identity::Reader);
    let request = || trial.assume(&reader, Role::ChainOne);
    let arn = "arn:aws:iam:111122223333:role/one";
    for (request, expected) in [
        (request().role_session_name("a b"), "'roleSessionName' failed to satisfy constraint"),
        (request().role_session_name("a"), "length greater than or equal to 2"),
        (request().duration_seconds(899), "value greater than or equal to 900"),
        (request().duration_seconds(3601), "exceeds the 1 hour session limit"),
        (request().external_id("a\nb"), "'externalId' failed to satisfy constraint"),
        (request().role_arn("sandbox-reader"), "'roleArn' failed to satisfy constraint"),
        (request().role_arn(arn), "arn:aws:iam:111122223333:role/one is invalid"),
    ] {
        let (status, code, message) = refusal(request.send().await);
        assert_eq!((status, code.as_str()), (400, "ValidationError"));
        assert!(message.contains(expected), "{message}");
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn credentials_of_a_role_end() {
    let options = SandboxOptions {
        assumed_roles_expire_in: Duration::from_mins(1),
        ..SandboxOptions::default()
    };
    let trial = Trial::with(options).await;
    let reader = trial.identity(Identity::Reader);
    let role = trial.assume(&reader, Role::ChainOne).duration_seconds(900).send().await;
    let role = issued(role.expect("a role").credentials().expect("credentials"));
    who_am_i(&trial, &role).await.expect("an answer");
    trial.set_clock_ahead(61);
    let (code, message) = who_am_i(&trial, &role).await.expect_err("they ended");
    assert_eq!(code, "ExpiredToken");
    assert_eq!(message, "The security token included in the request is expired");
    trial.sandbox.stop().await;
}
