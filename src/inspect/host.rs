//! Check 6: is this a host of STS, for a cluster of this partition?
//!
//! aws-iam-authenticator `pkg/token/token.go`, `verifySTSHostnameFormat`, without its last resort
//! for the server's own region, which only the server knows.

use crate::sts::{EndpointFeatures, GLOBAL_HOST, Partition, StsHost};

/// Whether a server of `partition` takes `host`; without one, a server of the host's own.
pub(super) fn is_accepted(host: &[u8], partition: Option<Partition>) -> bool {
    let Ok(host) = core::str::from_utf8(host) else { return false };
    if host == GLOBAL_HOST {
        return partition.unwrap_or(Partition::Aws) == Partition::Aws;
    }
    let Some((region, domain)) = region_and_domain(host) else { return false };
    if !is_region_label(region) {
        return false;
    }
    // The AWS SDK resolves a region that it does not know in the commercial form.
    let resolved = Partition::of_region(region).unwrap_or(Partition::Aws);
    if !hosts_of(region, resolved).any(|known| known.as_str() == host) {
        return false;
    }
    is_domain_of(partition.unwrap_or(resolved), domain)
}

/// Second label, and everything behind it: what `sts.region.suffix` is made of.
pub(super) fn region_and_domain(host: &str) -> Option<(&str, &str)> {
    host.split_once('.')?.1.split_once('.')
}

/// `^[[:alnum:]]([[:alnum:]\-]*[[:alnum:]])?$`
fn is_region_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// {FIPS} × {dual-stack}.
fn hosts_of(region: &str, partition: Partition) -> impl Iterator<Item = StsHost> {
    [(false, false), (false, true), (true, false), (true, true)].into_iter().map(
        move |(fips, dual_stack)| {
            StsHost::regional(region, partition, EndpointFeatures { fips, dual_stack })
        },
    )
}

/// A server knows no dual-stack domain for the iso partitions
/// (aws-iam-authenticator `pkg/endpoints/partitions.go`).
fn is_domain_of(partition: Partition, domain: &str) -> bool {
    let knows_dual_stack = matches!(
        partition,
        Partition::Aws | Partition::AwsCn | Partition::AwsUsGov | Partition::AwsEusc
    );
    domain == partition.dns_suffix()
        || knows_dual_stack && domain == partition.dual_stack_dns_suffix()
}
