//! The query parameters that make a URL a presigned one.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{ALGORITHM, CredentialScope};
use crate::text::concat;
use crate::time::Stamp;

/// Who signs, for what, when and for how long. All of it becomes query parameters.
#[derive(Clone, Copy)]
pub struct Presigning<'a> {
    /// `X-Amz-Credential`, first part.
    pub access_key_id: &'a str,
    /// `X-Amz-Credential`, the rest.
    pub scope: CredentialScope<'a>,
    /// `X-Amz-Date`.
    pub stamp: &'a Stamp,
    /// `X-Amz-Expires`, in seconds.
    pub expires_in: u32,
    /// `X-Amz-Security-Token`, where the credentials are temporary. A secret. (A few services
    /// want it appended after signing; they leave it out here.)
    pub session_token: Option<&'a str>,
}

impl Presigning<'_> {
    /// The value of `X-Amz-Credential`.
    pub(super) fn credential(&self) -> String {
        concat(&[self.access_key_id, "/", &self.scope.wire()])
    }

    /// The value of `X-Amz-Expires`.
    pub(super) fn expires(&self) -> String {
        decimal(self.expires_in)
    }

    /// The parameters in the order of their names, not yet encoded.
    pub(super) fn parameters<'a>(
        &'a self,
        credential: &'a str,
        expires: &'a str,
        signed_headers: &'a str,
    ) -> [Option<(&'static str, &'a str)>; 6] {
        [
            Some(("X-Amz-Algorithm", ALGORITHM)),
            Some(("X-Amz-Credential", credential)),
            Some(("X-Amz-Date", self.stamp.as_str())),
            Some(("X-Amz-Expires", expires)),
            self.session_token.map(|session_token| ("X-Amz-Security-Token", session_token)),
            Some(("X-Amz-SignedHeaders", signed_headers)),
        ]
    }
}

/// By hand: `to_string` would bring the formatting of integers into the component.
fn decimal(mut number: u32) -> String {
    let mut digits = Vec::with_capacity(10);
    loop {
        digits.push(char::from_digit(number % 10, 10).unwrap_or('0'));
        number /= 10;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

impl fmt::Debug for Presigning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigning")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &format!("{}", self.scope))
            .field("stamp", &self.stamp.as_str())
            .field("expires_in", &self.expires_in)
            .field("session_token", &self.session_token.map(|_| "[redacted]"))
            .finish()
    }
}
