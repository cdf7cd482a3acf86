//! The STS host of every region, against botocore's answer.
//!
//! `tests/data/sts_endpoints.csv` holds that answer for every region of every partition, with and
//! without FIPS and dual-stack, and with both values of `sts_regional_endpoints`;
//! `tests/scripts/sts_endpoints.py` made it.

mod common;

use std::collections::BTreeSet;

use common::region;
use eks_token_signer::{EndpointFeatures, Error, GLOBAL_HOST, Partition, StsEndpoint};

const TABLE: &str = include_str!("data/sts_endpoints.csv");

/// What botocore 1.43.11 knew. Regions are added and never taken away.
const REGIONS: usize = 46;

/// FIPS, dual-stack and `sts_regional_endpoints`, each with two values.
const ROWS_A_REGION: usize = 8;

/// The regions that `sts_regional_endpoints=legacy` sends to the global host (botocore `args.py`,
/// `LEGACY_GLOBAL_STS_REGIONS`).
const LEGACY_REGIONS: [&str; 15] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

#[test]
fn every_host_and_signing_region_is_botocores() {
    for row in rows() {
        let (host, signing_region) = row.endpoint().resolve(&region(row.region)).expect("known");
        assert_eq!(host.as_str(), row.host, "host for {row:?}");
        assert_eq!(signing_region.as_str(), row.signing_region, "signing region for {row:?}");
    }
}

#[test]
fn every_region_is_in_its_partition() {
    for row in rows() {
        assert_eq!(Partition::of_region(row.region).map(Partition::name), Some(row.partition));
    }
}

#[test]
fn the_table_is_whole() {
    let rows = rows();
    let regions: BTreeSet<&str> = rows.iter().map(|row| row.region).collect();
    assert!(regions.len() >= REGIONS, "{} regions", regions.len());
    let asked: BTreeSet<_> = rows.iter().map(Row::question).collect();
    assert_eq!(asked.len(), rows.len(), "no question stands twice");
    assert_eq!(rows.len(), regions.len() * ROWS_A_REGION, "each is asked about every region");
    for partition in Partition::ALL {
        assert!(rows.iter().any(|row| row.partition == partition.name()), "{partition:?}");
    }
}

#[test]
fn the_legacy_setting_means_the_global_host_in_fifteen_regions() {
    let global: Vec<Row> = rows().into_iter().filter(|row| row.host == GLOBAL_HOST).collect();
    let regions: Vec<&str> = global.iter().map(|row| row.region).collect();
    assert_eq!(regions, LEGACY_REGIONS);
    assert!(global.iter().all(|row| row.sts_regional_endpoints == "legacy"));
    assert!(global.iter().all(|row| !row.features.fips && !row.features.dual_stack));
}

/// The AWS CLI invents a host for these, and its users get a bare 401 later.
#[test]
fn a_region_of_no_partition_is_an_error() {
    let unknown = [
        "not-a-region",
        "eu-central",
        "eu-central-",
        "eu--1",
        "central-1",
        "eu-central-one",
        "eu-central-1-fips",
        "xx-central-1",
        "us-gov-west",
        "us-isox-east-1",
        "eusc-fr-east-1",
        "cn-1",
        "-eu-central-1",
        "-",
        "aws-global",
        "aws-cn-global",
        "sts",
    ];
    for name in unknown {
        for features in every_feature() {
            let resolved = StsEndpoint::Regional(features).resolve(&region(name));
            assert_eq!(resolved.err(), Some(Error::UnknownRegion), "{name} {features:?}");
        }
        let resolved = StsEndpoint::Global.resolve(&region(name));
        assert_eq!(resolved.err(), Some(Error::UnknownRegion), "{name}, global");
    }
}

#[test]
fn the_global_host_is_for_partition_aws_alone() {
    for row in rows() {
        let resolved = StsEndpoint::Global.resolve(&region(row.region));
        if row.partition == "aws" {
            let (host, signing_region) = resolved.expect("partition aws has it");
            assert_eq!((host.as_str(), signing_region.as_str()), (GLOBAL_HOST, "us-east-1"));
        } else {
            assert_eq!(resolved.err(), Some(Error::EndpointUnsupported), "{row:?}");
        }
    }
}

/// For a region that this version cannot know yet.
#[test]
fn a_custom_endpoint_is_taken_as_it_is_whatever_the_region() {
    let host = "sts.moon-base-1.amazonaws.com".to_owned().try_into().expect("a host");
    let endpoint = StsEndpoint::Custom { host, signing_region: region("moon-base-1") };
    for name in ["moon-base-1", "eu-central-1", "cn-north-1"] {
        let (host, signing_region) = endpoint.resolve(&region(name)).expect("taken as it is");
        assert_eq!(host.as_str(), "sts.moon-base-1.amazonaws.com");
        assert_eq!(signing_region.as_str(), "moon-base-1");
    }
}

/// One line of the table.
#[derive(Debug)]
struct Row {
    partition: &'static str,
    region: &'static str,
    features: EndpointFeatures,
    sts_regional_endpoints: &'static str,
    host: &'static str,
    signing_region: &'static str,
}

impl Row {
    fn question(&self) -> (&str, bool, bool, &str) {
        let EndpointFeatures { fips, dual_stack } = self.features;
        (self.region, fips, dual_stack, self.sts_regional_endpoints)
    }

    /// Whoever calls the signer knows the setting, and which endpoint it stands for.
    fn endpoint(&self) -> StsEndpoint {
        let is_plain = self.features == EndpointFeatures::default();
        let is_legacy = self.sts_regional_endpoints == "legacy";
        if is_legacy && is_plain && LEGACY_REGIONS.contains(&self.region) {
            StsEndpoint::Global
        } else {
            StsEndpoint::Regional(self.features)
        }
    }
}

fn rows() -> Vec<Row> {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let columns = lines.next().expect("names of columns");
    assert_eq!(
        columns,
        "partition,region,fips,dual_stack,sts_regional_endpoints,host,signing_region,answered_by"
    );
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let fields: Vec<&str> = line.split(',').collect();
    let [partition, region, fips, dual_stack, setting, host, signing_region, _] = fields[..] else {
        panic!("eight fields: {line}")
    };
    let flag = |text: &str| text.parse().expect("true or false");
    Row {
        partition,
        region,
        features: EndpointFeatures { fips: flag(fips), dual_stack: flag(dual_stack) },
        sts_regional_endpoints: setting,
        host,
        signing_region,
    }
}

fn every_feature() -> [EndpointFeatures; 4] {
    [(false, false), (false, true), (true, false), (true, true)]
        .map(|(fips, dual_stack)| EndpointFeatures { fips, dual_stack })
}
