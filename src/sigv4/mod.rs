//! AWS Signature Version 4, query-string flavour: one step of the AWS document per file.
//!
//! [`CanonicalRequest`] → [`StringToSign`] → [`Signature`]; a [`SigningKey`] joins at the last
//! step. Each type's `Display` is its wire form, so a test that fails names the step that is
//! wrong. Nothing in here knows of STS or EKS.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod canonical_request;
mod encode;
mod presign;
mod scope;
mod signature;
mod signing_key;
mod string_to_sign;

pub use canonical_request::{CanonicalRequest, PathStyle, PayloadHash, Request};
pub use presign::Presigning;
pub use scope::CredentialScope;
pub use signature::Signature;
pub use signing_key::SigningKey;
pub use string_to_sign::StringToSign;

/// The only algorithm here: HMAC with SHA-256.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
