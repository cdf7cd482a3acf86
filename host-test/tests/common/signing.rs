//! One set of credentials and one request, for tests that are about something else.

use eks_token_host::{
    Credentials, Lifetime, Signer, SignerError, SigningMaterial, SigningTime, StsEndpoint,
    TokenRequest, UrlExpiry,
};

pub(crate) fn credentials() -> Credentials {
    Credentials {
        access_key_id: "AKIDEXAMPLE".to_owned().try_into().expect("a key id"),
        material: SigningMaterial::SecretAccessKey(
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned().try_into().expect("a secret"),
        ),
        session_token: None,
        expires_at: None,
    }
}

pub(crate) fn request() -> TokenRequest {
    TokenRequest {
        cluster: "my-cluster".to_owned().try_into().expect("a cluster"),
        region: "us-west-2".to_owned().try_into().expect("a region"),
        endpoint: StsEndpoint::default(),
        signed_at: SigningTime::from_unix_seconds(1_700_000_000).expect("a time"),
        url_expires_in: UrlExpiry::default(),
        lifetime: Lifetime::default(),
    }
}

pub(crate) fn create_token(signer: &Signer) -> Result<String, SignerError> {
    signer.create_token(&credentials(), &request()).map(|token| token.value)
}
