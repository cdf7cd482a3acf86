//! Which host of STS a token names.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::{GLOBAL_HOST, GLOBAL_SIGNING_REGION, Partition, Region};
use crate::error::{Error, Invalid, check_text};
use crate::text::concat;

/// Variants of a regional endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EndpointFeatures {
    /// FIPS 140 validated cryptography.
    pub fips: bool,
    /// IPv6 beside IPv4.
    pub dual_stack: bool,
}

/// The STS endpoint that the cluster's authenticator will call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StsEndpoint {
    /// The endpoint of the cluster's region.
    Regional(EndpointFeatures),
    /// `sts.amazonaws.com`, signed for us-east-1: partition `aws` only.
    Global,
    /// For a region newer than this crate.
    Custom {
        /// The host to name.
        host: StsHost,
        /// The region to sign for.
        signing_region: Region,
    },
}

impl Default for StsEndpoint {
    fn default() -> Self {
        Self::Regional(EndpointFeatures::default())
    }
}

impl StsEndpoint {
    /// The host, and the region that a request to it is signed for.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`] where the region fits no partition (never a host that was guessed:
    /// the user would get a bare 401 later); [`Error::EndpointUnsupported`] for the global host
    /// outside partition `aws`.
    pub fn resolve(&self, region: &Region) -> Result<(StsHost, Region), Error> {
        let partition = || Partition::of_region(region.as_str()).ok_or(Error::UnknownRegion);
        match self {
            Self::Regional(features) => {
                Ok((StsHost::regional(region.as_str(), partition()?, *features), region.clone()))
            }
            Self::Global if partition()? == Partition::Aws => {
                Ok((StsHost(GLOBAL_HOST.to_owned()), Region::known(GLOBAL_SIGNING_REGION)))
            }
            Self::Global => Err(Error::EndpointUnsupported),
            Self::Custom { host, signing_region } => Ok((host.clone(), signing_region.clone())),
        }
    }
}

/// A DNS name: at most 253 characters, labels of 1 to 63 letters, digits and inner hyphens
/// (RFC 1123 section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsHost(String);

impl StsHost {
    /// The host as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `sts[-fips].region.suffix`, with the one exception that AWS makes.
    pub(crate) fn regional(region: &str, partition: Partition, features: EndpointFeatures) -> Self {
        let EndpointFeatures { fips, dual_stack } = features;
        // GovCloud's plain endpoint is the FIPS one (STS endpoint rule set).
        let plain_is_fips = partition == Partition::AwsUsGov && !dual_stack;
        let name = if fips && !plain_is_fips { "sts-fips." } else { "sts." };
        let suffix =
            if dual_stack { partition.dual_stack_dns_suffix() } else { partition.dns_suffix() };
        Self(concat(&[name, region, ".", suffix]))
    }
}

impl TryFrom<String> for StsHost {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        check_text(
            &text,
            253,
            |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.'),
        )
        .map_err(Error::Host)?;
        let mut offset = 0;
        for label in text.split('.') {
            if let Some(within) = misplaced_byte(label) {
                // A dot at the very end has its empty label behind the text.
                let offset = (offset + within).min(text.len() - 1);
                let offset = u32::try_from(offset).unwrap_or(253);
                return Err(Error::Host(Invalid::ForbiddenByte { offset }));
            }
            if label.len() > 63 {
                return Err(Error::Host(Invalid::TooLong { limit: 63 }));
            }
            offset += label.len() + 1;
        }
        Ok(Self(text))
    }
}

/// Where a label breaks the rule: an empty one at its dot, else at an outer hyphen.
fn misplaced_byte(label: &str) -> Option<usize> {
    if label.is_empty() || label.starts_with('-') {
        Some(0)
    } else if label.ends_with('-') {
        Some(label.len() - 1)
    } else {
        None
    }
}
