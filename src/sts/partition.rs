//! The eight partitions of AWS and the DNS suffixes that their STS hosts end in.
//!
//! Source: `partitions.json` of botocore; checked against botocore's own endpoint resolution for
//! every region in `tests/sts_endpoints.rs`.

use crate::error::Error;

/// A group of regions with accounts, names and DNS suffixes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Partition {
    /// Commercial regions.
    Aws,
    /// China.
    AwsCn,
    /// GovCloud (US).
    AwsUsGov,
    /// European Sovereign Cloud.
    AwsEusc,
    /// ISO (US).
    AwsIso,
    /// ISOB (US).
    AwsIsoB,
    /// ISOE (Europe).
    AwsIsoE,
    /// ISOF (US).
    AwsIsoF,
}

impl Partition {
    /// All of them. Where region patterns overlap, the earlier one wins, as at AWS.
    pub const ALL: [Self; 8] = [
        Self::Aws,
        Self::AwsCn,
        Self::AwsUsGov,
        Self::AwsEusc,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
    ];

    /// The name, as ARNs have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
        }
    }

    /// What its regions' names begin with, before `-word-digits`.
    const fn region_prefixes(self) -> &'static [&'static str] {
        match self {
            Self::Aws => &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
            Self::AwsCn => &["cn"],
            Self::AwsUsGov => &["us-gov"],
            Self::AwsEusc => &["eusc-de"],
            Self::AwsIso => &["us-iso"],
            Self::AwsIsoB => &["us-isob"],
            Self::AwsIsoE => &["eu-isoe"],
            Self::AwsIsoF => &["us-isof"],
        }
    }

    /// The suffix of IPv4 hosts.
    #[must_use]
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsEusc => "amazonaws.eu",
            Self::AwsIso => "c2s.ic.gov",
            Self::AwsIsoB => "sc2s.sgov.gov",
            Self::AwsIsoE => "cloud.adc-e.uk",
            Self::AwsIsoF => "csp.hci.ic.gov",
        }
    }

    /// The suffix of dual-stack hosts.
    #[must_use]
    pub const fn dual_stack_dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "api.aws",
            Self::AwsCn => "api.amazonwebservices.com.cn",
            Self::AwsEusc => "api.amazonwebservices.eu",
            Self::AwsIso => "api.aws.ic.gov",
            Self::AwsIsoB => "api.aws.scloud",
            Self::AwsIsoE => "api.cloud-aws.adc-e.uk",
            Self::AwsIsoF => "api.aws.hci.ic.gov",
        }
    }

    /// The partition whose pattern `region` fits, if any does.
    #[must_use]
    pub fn of_region(region: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|partition| {
            partition
                .region_prefixes()
                .iter()
                .filter_map(|prefix| region.strip_prefix(prefix)?.strip_prefix('-'))
                .any(is_word_and_number)
        })
    }
}

/// `\w+-\d+`, the rest of every region pattern.
fn is_word_and_number(rest: &str) -> bool {
    let Some((word, number)) = rest.split_once('-') else { return false };
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl TryFrom<&str> for Partition {
    type Error = Error;

    fn try_from(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|partition| partition.name() == name)
            .ok_or(Error::UnknownPartition)
    }
}
