//! The credential scope: what a signing key is good for.

use alloc::string::String;
use core::fmt;

use crate::text::concat;
use crate::time::Day;

/// `YYYYMMDD/region/service/aws4_request`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialScope<'a> {
    /// The UTC day of the signature.
    pub day: Day,
    /// The region that the request is signed for.
    pub region: &'a str,
    /// The service's signing name, `sts` for one.
    pub service: &'a str,
}

impl CredentialScope<'_> {
    /// The last part of every scope.
    pub const TERMINATOR: &'static str = "aws4_request";

    /// The wire form.
    pub(super) fn wire(&self) -> String {
        let Self { day, region, service } = self;
        concat(&[day.as_str(), "/", region, "/", service, "/", Self::TERMINATOR])
    }
}

impl fmt::Display for CredentialScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire())
    }
}
