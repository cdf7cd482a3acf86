//! What a server makes of a token, case by case: the server's own tests, every edge where Go is
//! more lenient or stricter than one would think, and each thing that only STS refuses.
//!
//! Where no other source is named: aws-iam-authenticator `pkg/token/token_test.go`, and Go 1.26 as
//! it answers when asked.

mod common;

use common::{credentials, request, token_of};
use eks_token_signer::{
    Finding, Inspection, MAX_LENGTH, PREFIX, Partition, Rejection, Token, inspect,
};

/// 2023-11-14T22:13:20Z.
const NOW: u64 = 1_700_000_000;

/// Made at [`NOW`]: a server takes it, and all that STS has against it is its signature.
const GOOD: &str = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity\
    &Version=2011-06-15\
    &X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=ASIAEXAMPLE%2F20231114%2Feu-central-1%2Fsts%2Faws4_request\
    &X-Amz-Date=20231114T221320Z\
    &X-Amz-Expires=60\
    &X-Amz-Security-Token=EXAMPLE%2Btokens\
    &X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
    &X-Amz-Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// `TestVerifyTokenPreSTSValidations`, its 17 calls of `validationErrorTest`. [`NOW`] stands where
/// the original has the time of the test.
#[test]
fn what_the_servers_own_tests_refuse_is_refused() {
    use Partition::{Aws, AwsCn};
    let too_large = "\0".repeat(MAX_LENGTH + 1);
    let in_base64 = [
        (Aws, ":ab:cd.af:/asda", Rejection::NotAUrl),
        (Aws, "http://", Rejection::UnexpectedScheme),
        (Aws, "https://google.com", Rejection::UnexpectedHost),
        (AwsCn, "https://sts.cn-north-1.amazonaws.com.cn/abc", Rejection::UnexpectedPath),
        (Aws, "https://sts.amazonaws.com/abc", Rejection::UnexpectedPath),
        (Aws, "https://sts.amazonaws.com/?NoInWhiteList=abc", unexpected("NoInWhiteList")),
        (Aws, "https://sts.amazonaws.com/?action=get&action=post", multiple("action")),
        (Aws, "https://sts.amazonaws.com/?action=NotGetCallerIdenity", Rejection::UnexpectedAction),
        (
            Aws,
            "https://sts.amazonaws.com/?action=GetCallerIdentity\
             &x-amz-signedheaders=abc%3bx-k8s-aws-i%3bdef",
            Rejection::ClusterNotSigned,
        ),
        (
            Aws,
            "https://sts.amazonaws.com/?action=GetCallerIdentity&x-amz-signedheaders=x-k8s-aws-id\
             &x-amz-date=20231114T221320Z&x-amz-expires=9999999",
            Rejection::InvalidExpires,
        ),
        (
            Aws,
            "https://sts.amazonaws.com/?action=GetCallerIdentity&x-amz-signedheaders=x-k8s-aws-id\
             &x-amz-date=xxxxxxx&x-amz-expires=60",
            Rejection::MalformedDate,
        ),
        (
            Aws,
            "https://sts.amazonaws.com/?action=GetCallerIdentity&x-amz-signedheaders=x-k8s-aws-id\
             &x-amz-date=19900422T010203Z&x-amz-expires=60",
            Rejection::Expired(common::unix_seconds((1990, 4, 22), (1, 17, 3))),
        ),
        (
            Aws,
            "https://sts.sa-east-1.amazonaws.com/?action=GetCallerIdentity\
             &x-amz-signedheaders=x-k8s-aws-id&x-amz-date=20231114T221320Z&x-amz-expires=60%gh",
            Rejection::MalformedQuery,
        ),
        (
            Aws,
            "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15\
             &X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=ASIAAAAAAAAAAAAAAAAA%2F20220601%2Fus-west-2%2Fsts%2Faws4_request\
             &X-Amz-Date=20231114T221320Z&X-Amz-Expires=900&X-Amz-Security-Token=XXXXXXXXXXXXX\
             &X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&x-amz-credential=eve\
             &X-Amz-Signature=999999999999999999",
            duplicate("x-amz-credential"),
        ),
    ];
    let as_they_are = [
        (Aws, too_large, Rejection::TooLarge(4097)),
        (Aws, "k8s-aws-v2.asdfasdfa".to_owned(), Rejection::MissingPrefix),
        (Aws, "k8s-aws-v1.decodingerror".to_owned(), Rejection::NotBase64Url),
    ];
    let in_base64 = in_base64.map(|(partition, url, reason)| (partition, token_of(url), reason));
    for (partition, token, reason) in as_they_are.into_iter().chain(in_base64) {
        assert_eq!(inspect(&token, Some(partition), NOW).server, Err(reason), "{token}");
    }
}

/// `TestVerifyTokenPreSTSValidations`, its 5 calls of `validationSuccessTest`.
#[test]
fn what_the_servers_own_tests_accept_is_accepted() {
    for region in ["us-east-2", "ap-northeast-2", "ca-central-1", "eu-west-1", "sa-east-1"] {
        let url = format!(
            "https://sts.{region}.amazonaws.com/?action=GetCallerIdentity\
             &x-amz-signedheaders=x-k8s-aws-id&x-amz-date=20231114T221320Z&x-amz-expires=60"
        );
        assert_eq!(inspect(&token_of(&url), Some(Partition::Aws), NOW).server, Ok(()), "{region}");
    }
}

/// `TestGetWithSTS`: a token that the server's own client made.
#[test]
fn a_token_of_the_servers_own_client_is_accepted() {
    const TOKEN: &str = "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtd2VzdC0yLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVud\
        Gl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZ\
        GVudGlhbD1BU0lBUjJURzQ0VjZBUzNaWkU3QyUyRjIwMjMwNDI4JTJGdXMtd2VzdC0yJTJGc3RzJTJGYXdzNF9yZ\
        XF1ZXN0JlgtQW16LURhdGU9MjAyMzA0MjhUMDAwMDAwWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlY\
        WRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9ZTIxMWRiYTc3YWJhOWRjNDRiMGI2YmUzO\
        GI4ZWFhZDA5MjU5OWM1MTU3ZjYzMTQ0NDRjNWI5ZDg1NzQ3ZjVjZQ";
    let inspection = inspect(TOKEN, Some(Partition::Aws), 1_682_640_000);
    assert_eq!(inspection.server, Ok(()));
    // Its key is a temporary one, made up without a session token.
    assert_eq!(codes(&inspection), ["missing-session-token"]);

    let claims = inspection.claims.expect("a URL");
    assert_eq!(claims.sts_host, "sts.us-west-2.amazonaws.com");
    assert_eq!(claims.region.as_deref(), Some("us-west-2"));
    assert_eq!(claims.partition, Some(Partition::Aws));
    assert_eq!(claims.access_key_id.as_deref(), Some("ASIAR2TG44V6AS3ZZE7C"));
    assert_eq!(claims.signed_at, Some(1_682_640_000));
    assert_eq!(claims.refused_from, Some(1_682_640_900));
    assert!(!claims.has_session_token);
    assert_eq!(claims.signed_headers, ["host", "x-k8s-aws-id"]);
}

/// `TestSTSEndpoints` and, behind it, `TestSTSEndpointResolution`: the rows of a server that knows
/// no region of its own, but for those of partitions that there are not. Whether the server of
/// that partition takes the host.
const HOSTS: [(Partition, &str, bool); 48] = [
    (Partition::Aws, "sts.amazonaws.com", true),
    (Partition::AwsCn, "sts.amazonaws.com", false),
    (Partition::AwsUsGov, "sts.amazonaws.com", false),
    (Partition::AwsIso, "sts.amazonaws.com", false),
    (Partition::AwsIsoB, "sts.amazonaws.com", false),
    (Partition::AwsIsoE, "sts.amazonaws.com", false),
    (Partition::AwsIsoF, "sts.amazonaws.com", false),
    (Partition::AwsCn, "sts.cn-northwest-1.amazonaws.com.cn", true),
    (Partition::AwsCn, "sts.cn-north-1.amazonaws.com.cn", true),
    (Partition::AwsCn, "sts.us-iso-east-1.c2s.ic.gov", false),
    (Partition::AwsCn, "sts.not-a-region1.amazonaws.com.cn", false),
    (Partition::Aws, "sts.amazonaws.com", true),
    (Partition::Aws, "sts-fips.us-west-2.amazonaws.com", true),
    (Partition::Aws, "sts-fips.us-east-1.amazonaws.com", true),
    (Partition::Aws, "sts.us-east-1.amazonaws.com", true),
    (Partition::Aws, "sts.us-east-2.amazonaws.com", true),
    (Partition::Aws, "sts.us-west-1.amazonaws.com", true),
    (Partition::Aws, "sts.us-west-2.amazonaws.com", true),
    (Partition::Aws, "sts.ap-south-1.amazonaws.com", true),
    (Partition::Aws, "sts.ap-northeast-1.amazonaws.com", true),
    (Partition::Aws, "sts.ap-northeast-2.amazonaws.com", true),
    (Partition::Aws, "sts.ap-southeast-1.amazonaws.com", true),
    (Partition::Aws, "sts.ap-southeast-2.amazonaws.com", true),
    (Partition::Aws, "sts.ca-central-1.amazonaws.com", true),
    (Partition::Aws, "sts.eu-central-1.amazonaws.com", true),
    (Partition::Aws, "sts.eu-west-1.amazonaws.com", true),
    (Partition::Aws, "sts.eu-west-2.amazonaws.com", true),
    (Partition::Aws, "sts.eu-west-3.amazonaws.com", true),
    (Partition::Aws, "sts.eu-north-1.amazonaws.com", true),
    (Partition::Aws, "sts.amazonaws.com.cn", false),
    (Partition::Aws, "website.amazonaws.com", false),
    (Partition::AwsIso, "sts.us-iso-east-1.c2s.ic.gov", true),
    (Partition::AwsIso, "sts.cn-north-1.amazonaws.com.cn", false),
    (Partition::AwsIsoB, "sts.cn-north-1.amazonaws.com.cn", false),
    (Partition::AwsUsGov, "sts.us-gov-east-1.amazonaws.com", true),
    (Partition::Aws, "sts-fips.us-east-1.amazonaws.com", true),
    (Partition::AwsCn, "sts-fips.us-east-1.amazonaws.com", false),
    (Partition::AwsCn, "sts.us-isob-east-1.amazonaws.com.cn", false),
    (Partition::AwsIsoB, "sts.us-isob-east-1.amazonaws.com.cn", false),
    (Partition::Aws, "sts.us-west-2.api.aws", true),
    (Partition::AwsCn, "sts.cn-north-1.api.amazonwebservices.com.cn", true),
    (Partition::Aws, "sts.cn-north-1.api.amazonwebservices.com.cn", false),
    (Partition::Aws, "sts.not-a-region.amazonaws.com", true),
    (Partition::AwsCn, "sts.not-a-region3.amazonaws.com.cn", false),
    (Partition::AwsCn, "sts.not-a-region3.amazonaws.com.cn", false),
    (Partition::AwsCn, "sts.us-west-2.amazonaws.com.cn", false),
    (Partition::Aws, "sts.us-west-2.amazonaws.com.cn", false),
    (Partition::Aws, "sts.not-a-region.amazonaws.com", true),
];

#[test]
fn hosts_are_judged_as_in_the_servers_own_tests() {
    for (partition, host, is_taken) in HOSTS {
        let url = with("sts.eu-central-1.amazonaws.com", host);
        let expected = if is_taken { Ok(()) } else { Err(Rejection::UnexpectedHost) };
        assert_eq!(
            inspect(&token_of(&url), Some(partition), NOW).server,
            expected,
            "{host} for {}",
            partition.name(),
        );
    }
}

/// Where the tests of the server leave off. The rules are of `verifySTSHostnameFormat`, of
/// `pkg/endpoints/partitions.go` and of the SDK's endpoint rule set.
#[test]
fn hosts_at_the_edges_of_the_rules() {
    use Partition::{Aws, AwsCn, AwsEusc, AwsIso, AwsIsoB, AwsIsoE, AwsIsoF, AwsUsGov};
    let hosts = [
        // FIPS and dual-stack, alone and together.
        (Aws, "sts.us-west-2.api.aws", true),
        (Aws, "sts-fips.us-west-2.api.aws", true),
        (AwsEusc, "sts.eusc-de-east-1.amazonaws.eu", true),
        (AwsEusc, "sts-fips.eusc-de-east-1.api.amazonwebservices.eu", true),
        // GovCloud's plain host is its FIPS host; with dual-stack there are two.
        (AwsUsGov, "sts.us-gov-west-1.amazonaws.com", true),
        (AwsUsGov, "sts-fips.us-gov-west-1.amazonaws.com", false),
        (AwsUsGov, "sts.us-gov-west-1.api.aws", true),
        (AwsUsGov, "sts-fips.us-gov-west-1.api.aws", true),
        // The server has no dual-stack domain for these, the SDK does.
        (AwsIso, "sts.us-iso-east-1.c2s.ic.gov", true),
        (AwsIso, "sts-fips.us-iso-east-1.c2s.ic.gov", true),
        (AwsIso, "sts.us-iso-east-1.api.aws.ic.gov", false),
        (AwsIsoB, "sts.us-isob-east-1.sc2s.sgov.gov", true),
        (AwsIsoB, "sts.us-isob-east-1.api.aws.scloud", false),
        (AwsIsoE, "sts.eu-isoe-west-1.cloud.adc-e.uk", true),
        (AwsIsoE, "sts.eu-isoe-west-1.api.cloud-aws.adc-e.uk", false),
        (AwsIsoF, "sts.us-isof-south-1.csp.hci.ic.gov", true),
        (AwsIsoF, "sts.us-isof-south-1.api.aws.hci.ic.gov", false),
        // Two partitions have one domain; the server looks no further.
        (AwsUsGov, "sts.us-west-2.amazonaws.com", true),
        (Aws, "sts.us-gov-west-1.amazonaws.com", true),
        (AwsUsGov, "sts.not-a-region.amazonaws.com", true),
        (AwsCn, "sts.us-west-2.amazonaws.com", false),
        // Case: of the region it makes an unknown one, elsewhere no host.
        (Aws, "sts.US-WEST-2.amazonaws.com", true),
        (AwsCn, "sts.CN-NORTH-1.amazonaws.com.cn", false),
        (Aws, "STS.us-west-2.amazonaws.com", false),
        (Aws, "sts.us-west-2.amazonaws.COM", false),
        (Aws, "STS.amazonaws.com", false),
        // Regions that are none, by their form.
        (Aws, "sts.2.amazonaws.com", true),
        (Aws, "sts.-west-2.amazonaws.com", false),
        (Aws, "sts.us-west-2-.amazonaws.com", false),
        (Aws, "sts.us_west_2.amazonaws.com", false),
        (Aws, "sts..amazonaws.com", false),
        (Aws, "sts.%C3%A9u-west-2.amazonaws.com", false),
        // More or fewer labels.
        (Aws, "sts.us-west-2.amazonaws.com.", false),
        (Aws, "sts.amazonaws.com.", false),
        (Aws, "a.sts.us-west-2.amazonaws.com", false),
        (Aws, "sts.us-west-2.a.amazonaws.com", false),
        (Aws, "localhost", false),
        (Aws, "", false),
        // A port is part of the host that is compared, even the one that https has anyway.
        (Aws, "sts.us-west-2.amazonaws.com:443", false),
        (Aws, "sts.us-west-2.amazonaws.com:", false),
        (Aws, "sts.amazonaws.com:443", false),
        (Aws, "[::1]", false),
        (Aws, "[::1]:443", false),
    ];
    for (partition, host, is_taken) in hosts {
        let url = with("sts.eu-central-1.amazonaws.com", host);
        let expected = if is_taken { Ok(()) } else { Err(Rejection::UnexpectedHost) };
        let server = inspect(&token_of(&url), Some(partition), NOW).server;
        assert_eq!(server, expected, "{host} for {}", partition.name());
    }
}

/// Without a partition, the one whose region the host names is taken; aws for a region that is
/// unknown, and for the global host.
#[test]
fn without_a_partition_the_hosts_own_is_taken() {
    let hosts = [
        ("sts.eu-central-1.amazonaws.com", true),
        ("sts.cn-north-1.amazonaws.com.cn", true),
        ("sts.us-gov-west-1.api.aws", true),
        ("sts.us-iso-east-1.c2s.ic.gov", true),
        ("sts.amazonaws.com", true),
        ("sts.not-a-region.amazonaws.com", true),
        ("sts.not-a-region.amazonaws.com.cn", false),
        ("sts.cn-north-1.amazonaws.com", false),
        ("sts.us-iso-east-1.api.aws.ic.gov", false),
    ];
    for (host, is_taken) in hosts {
        let url = with("sts.eu-central-1.amazonaws.com", host);
        let expected = if is_taken { Ok(()) } else { Err(Rejection::UnexpectedHost) };
        assert_eq!(inspect(&token_of(&url), None, NOW).server, expected, "{host}");
    }
}

/// Every fault at once, then one fewer each time, in the order in which the server looks.
#[test]
fn the_first_fault_is_the_one_that_is_told() {
    let parts = [
        ("http", "https", Rejection::UnexpectedScheme),
        ("://google.com", "://sts.amazonaws.com", Rejection::UnexpectedHost),
        ("/abc", "/", Rejection::UnexpectedPath),
        ("?a;b", "?", Rejection::MalformedQuery),
        ("&ACTION=GetCallerIdentity", "", duplicate("action")),
        ("&x-id=GetCallerIdentity", "", unexpected("x-id")),
        ("&version=1&version=1", "", multiple("version")),
        ("&action=", "&action=GetCallerIdentity", Rejection::UnexpectedAction),
        (
            "&x-amz-signedheaders=host",
            "&x-amz-signedheaders=x-k8s-aws-id",
            Rejection::ClusterNotSigned,
        ),
        ("&x-amz-expires=901", "&x-amz-expires=900", Rejection::InvalidExpires),
        ("", "&x-amz-date=20231114T221320", Rejection::MissingDate),
        ("", "Z", Rejection::MalformedDate),
    ];
    for (mended, (_, _, reason)) in parts.iter().enumerate() {
        let texts = parts.iter().enumerate();
        let url: String = texts
            .map(|(index, (bad, good, _))| if index < mended { *good } else { *bad })
            .collect();
        assert_eq!(server(&url), Err(reason.clone()), "{url}");
    }
    let url: String = parts.iter().map(|(_, good, _)| *good).collect();
    assert_eq!(server(&url), Ok(()));
    let late = inspect(&token_of(&url), None, NOW + 901);
    assert_eq!(late.server, Err(Rejection::Expired(NOW + 900)));

    // Before there is a URL.
    let one_too_long = "!".repeat(MAX_LENGTH + 1);
    assert_eq!(inspect(&one_too_long, None, NOW).server, Err(Rejection::TooLarge(4097)));
    assert_eq!(inspect("k8s-aws-v2.!", None, NOW).server, Err(Rejection::MissingPrefix));
    assert_eq!(inspect("k8s-aws-v1.!", None, NOW).server, Err(Rejection::NotBase64Url));
    assert_eq!(server("http://google.com:port/abc"), Err(Rejection::NotAUrl));
}

/// Bytes count, with the prefix, and before anything is decoded. A base64 text is never of the one
/// length that makes 4096: line breaks, which count and mean nothing, fill it up.
#[test]
fn four_thousand_and_ninety_six_bytes_are_enough() {
    let filled_up_to = |length: usize| {
        let token = token_of(GOOD);
        let line_breaks = "\n".repeat(length - token.len());
        token + &line_breaks
    };
    assert_eq!(inspect(&filled_up_to(4096), None, NOW).server, Ok(()));
    let one_more = filled_up_to(4097);
    assert_eq!(inspect(&one_more, None, NOW).server, Err(Rejection::TooLarge(4097)));
    assert_eq!(inspect(&"é".repeat(2049), None, NOW).server, Err(Rejection::TooLarge(4098)));
}

#[test]
fn the_prefix_is_as_it_is() {
    let encoded = token_of(GOOD).split_off(PREFIX.len());
    for prefix in ["", "k8s-aws-v2.", "K8S-AWS-V1.", " k8s-aws-v1.", "\nk8s-aws-v1.", "k8s-aws-v1"]
    {
        let token = format!("{prefix}{encoded}");
        assert_eq!(inspect(&token, None, NOW).server, Err(Rejection::MissingPrefix), "{prefix:?}");
    }
    assert_eq!(inspect("", None, NOW).server, Err(Rejection::MissingPrefix));
    // Nothing is what nothing encodes, and a URL without a scheme.
    assert_eq!(inspect(PREFIX, None, NOW).server, Err(Rejection::UnexpectedScheme));
}

/// `encoding/base64`, `RawURLEncoding`: not strict.
#[test]
fn base64_is_read_as_go_reads_it() {
    let token = token_of(GOOD);
    assert!(GOOD.len().is_multiple_of(3), "what is put behind it begins a new quantum");
    let (head, tail) = token.split_at(100);
    let refused = Err(Rejection::NotBase64Url);
    let tokens = [
        // Line breaks pass, wherever they stand; other blanks do not.
        (format!("{head}\n{tail}"), Ok(())),
        (format!("{head}\r\n\r{tail}\n"), Ok(())),
        (token.replacen(PREFIX, "k8s-aws-v1.\n", 1), Ok(())),
        (format!("{head} {tail}"), refused.clone()),
        (format!("{head}\t{tail}"), refused.clone()),
        (format!("{token}\0"), refused.clone()),
        // No padding, where it would be right or not.
        (format!("{token}="), refused.clone()),
        (format!("{token}=="), refused.clone()),
        (format!("{}=", token_of(&format!("{GOOD}#1"))), refused.clone()),
        // The other alphabet.
        (format!("{head}+{}", &tail[1..]), refused.clone()),
        (format!("{head}/{}", &tail[1..]), refused.clone()),
        // One character too many encodes nothing. Two or three more encode a byte or two.
        (format!("{token}I"), refused),
        (format!("{token}Iw"), Ok(())),
        // Four bits behind a byte and two behind two are left over, and may be anything.
        (format!("{token}Ix"), Ok(())),
        (format!("{token}I_"), Ok(())),
        (format!("{token}IyM"), Ok(())),
        (format!("{token}IyN"), Ok(())),
    ];
    for (token, expected) in tokens {
        assert_eq!(inspect(&token, None, NOW).server, expected, "{token:?}");
    }
}

/// `net/url`, `Parse`: what comes before the query.
#[test]
fn urls_are_read_as_go_reads_them() {
    const HTTPS: &str = "https://";
    const HOST: &str = "sts.eu-central-1.amazonaws.com";
    const SLASH: &str = "/?";
    let behind = |text: &str| format!("{GOOD}{text}");
    let urls = [
        // The scheme has no case; it must be there, and whole.
        (with(HTTPS, "HTTPS://"), Ok(())),
        (with(HTTPS, "hTtPs://"), Ok(())),
        (with(HTTPS, "http://"), Err(Rejection::UnexpectedScheme)),
        (with(HTTPS, "//"), Err(Rejection::UnexpectedScheme)),
        (with(HTTPS, ""), Err(Rejection::UnexpectedScheme)),
        (with(HTTPS, "ht_tps://"), Err(Rejection::NotAUrl)),
        (with(HTTPS, "1https://"), Err(Rejection::NotAUrl)),
        (with(HTTPS, "://"), Err(Rejection::NotAUrl)),
        (with(HTTPS, " https://"), Err(Rejection::NotAUrl)),
        ("*".to_owned(), Err(Rejection::UnexpectedScheme)),
        // Without two slashes there is no host, and without one all is opaque.
        (with(HTTPS, "https:/"), Err(Rejection::UnexpectedHost)),
        (with(HTTPS, "https:"), Err(Rejection::UnexpectedHost)),
        (with(HTTPS, "https:///"), Err(Rejection::UnexpectedHost)),
        (with(HTTPS, "https:%zz"), Err(Rejection::UnexpectedHost)),
        // Userinfo is no part of the host, and may have more than one @.
        (with(HTTPS, "https://user@"), Ok(())),
        (with(HTTPS, "https://user:secret@"), Ok(())),
        (with(HTTPS, "https://@"), Ok(())),
        (with(HTTPS, "https://a@b@"), Ok(())),
        (with(HTTPS, "https://%41:%42@"), Ok(())),
        (with(HTTPS, "https://%zz@"), Err(Rejection::NotAUrl)),
        (with(HTTPS, "https://a b@"), Err(Rejection::NotAUrl)),
        (with(HTTPS, "https://é@"), Err(Rejection::NotAUrl)),
        (with(HTTPS, "https://[@"), Err(Rejection::NotAUrl)),
        (format!("https://{HOST}@google.com/"), Err(Rejection::UnexpectedHost)),
        // A port is digits behind the only colon; only http and https mind a second one.
        (with(HOST, &format!("{HOST}:443")), Err(Rejection::UnexpectedHost)),
        (with(HOST, &format!("{HOST}:https")), Err(Rejection::NotAUrl)),
        (with(HOST, &format!("{HOST}:-1")), Err(Rejection::NotAUrl)),
        (with(HOST, &format!("{HOST}:1:2")), Err(Rejection::NotAUrl)),
        (with(HTTPS, "http://1:2:3@"), Err(Rejection::UnexpectedScheme)),
        ("http://a:1:2/".to_owned(), Err(Rejection::NotAUrl)),
        ("ftp://a:1:2/".to_owned(), Err(Rejection::UnexpectedScheme)),
        ("//a:1:2/".to_owned(), Err(Rejection::UnexpectedScheme)),
        ("ftp://a:1:b/".to_owned(), Err(Rejection::NotAUrl)),
        // A bracket stands at the very beginning or not at all; it must be closed.
        (with(HOST, "[::1"), Err(Rejection::NotAUrl)),
        (with(HOST, "[::1]x"), Err(Rejection::NotAUrl)),
        (with(HOST, "sts.[::1]"), Err(Rejection::NotAUrl)),
        // Escapes in a host are for what is not ASCII, and for the percent sign.
        (with("eu-central", "%65u-central"), Err(Rejection::NotAUrl)),
        (with("eu-central", "eu%2Dcentral"), Err(Rejection::NotAUrl)),
        (with("eu-central", "%C3%A9u-central"), Err(Rejection::UnexpectedHost)),
        (with("eu-central", "éu-central"), Err(Rejection::UnexpectedHost)),
        (with("eu-central", "%25eu-central"), Err(Rejection::UnexpectedHost)),
        (with("eu-central", "%zzeu-central"), Err(Rejection::NotAUrl)),
        (with("eu-central", "eu central"), Err(Rejection::NotAUrl)),
        (with("eu-central", "eu^central"), Err(Rejection::NotAUrl)),
        (with("eu-central", "<eu>\"central\""), Err(Rejection::UnexpectedHost)),
        // The path is one slash, decoded. It ends where the query begins.
        (with(SLASH, "?"), Err(Rejection::UnexpectedPath)),
        (with(SLASH, "//?"), Err(Rejection::UnexpectedPath)),
        (with(SLASH, "/%2F?"), Err(Rejection::UnexpectedPath)),
        (with(SLASH, "/.?"), Err(Rejection::UnexpectedPath)),
        (with(SLASH, "/%zz?"), Err(Rejection::NotAUrl)),
        (with(SLASH, "%2F?"), Err(Rejection::NotAUrl)),
        (with(SLASH, "/"), Err(Rejection::UnexpectedPath)),
        // A fragment is cut off. It may be anything but a bad escape, even a control character.
        (behind("#"), Ok(())),
        (behind("#fragment"), Ok(())),
        (behind("#a=b;c&Action=#"), Ok(())),
        (behind("#\u{1}"), Ok(())),
        (behind("#%41"), Ok(())),
        (behind("#%zz"), Err(Rejection::NotAUrl)),
        (behind("#%4"), Err(Rejection::NotAUrl)),
        (with("&Version", "#&Version"), Err(Rejection::ClusterNotSigned)),
        // Control characters, anywhere before that.
        (behind("\n"), Err(Rejection::NotAUrl)),
        (behind("\u{7f}"), Err(Rejection::NotAUrl)),
        (with("&Version", "\0&Version"), Err(Rejection::NotAUrl)),
    ];
    for (url, expected) in urls {
        assert_eq!(server(&url), expected, "{url:?}");
    }
}

/// `net/url`, `ParseQuery`.
#[test]
fn queries_are_read_as_go_reads_them() {
    let urls = [
        (with("&Version", "&&&Version"), Ok(())),
        (with("?Action", "?&Action"), Ok(())),
        (format!("{GOOD}&"), Ok(())),
        (with("Action=", "%41ction="), Ok(())),
        (with("=GetCallerIdentity", "=GetCallerIdentit%79"), Ok(())),
        (with("=GetCallerIdentity", "==GetCallerIdentity"), Err(Rejection::UnexpectedAction)),
        (with("=GetCallerIdentity", "=+GetCallerIdentity"), Err(Rejection::UnexpectedAction)),
        (with("=GetCallerIdentity", ""), Err(Rejection::UnexpectedAction)),
        (with("=GetCallerIdentity", "=getcalleridentity"), Err(Rejection::UnexpectedAction)),
        (with("Action=GetCallerIdentity&", ""), Err(Rejection::UnexpectedAction)),
        (with("&Version", ";Version"), Err(Rejection::MalformedQuery)),
        (with("host%3Bx", "host;x"), Err(Rejection::MalformedQuery)),
        (with("%2Btoken", "%"), Err(Rejection::MalformedQuery)),
        (with("%2Btoken", "%2"), Err(Rejection::MalformedQuery)),
        (with("%2Btoken", "%2G"), Err(Rejection::MalformedQuery)),
        (with("&Version", "&%&Version"), Err(Rejection::MalformedQuery)),
        (with("&Version", "&;&Version"), Err(Rejection::MalformedQuery)),
        (with("%2Btoken", "?#"), Err(Rejection::ClusterNotSigned)),
        (with("?Action", "??Action"), Err(unexpected("?Action"))),
        (with("%2Btoken", "%00%ff"), Ok(())),
    ];
    for (url, expected) in urls {
        assert_eq!(server(&url), expected, "{url:?}");
    }
}

/// `validateDuplicateParameters`, and the loop behind it: names in any case, each of them once.
/// Go goes through them in random order, this crate in the order of the query.
#[test]
fn names_are_compared_without_case() {
    let before = |text: &str| with("&Version", &format!("&{text}&Version"));
    let urls = [
        (with("Action", "aCTION"), Ok(())),
        (with("X-Amz-SignedHeaders", "x-amz-signedheaders"), Ok(())),
        // Of the letters outside ASCII, two are k and i in lower case. A long s stays one.
        (with("Security-Token", "Security-To\u{212A}en"), Ok(())),
        (with("Security-Token", "Security-To%E2%84%AAen"), Ok(())),
        (with("Version", "Vers\u{130}on"), Ok(())),
        (with("X-Amz-Expires", "X-Amz-Expire\u{17F}"), Err(unexpected("X-Amz-Expire\u{17F}"))),
        (with("Version", "Vers\u{131}on"), Err(unexpected("Vers\u{131}on"))),
        // Two that differ in case; the second is told. Before any other thing about names.
        (before("ACTION=x"), Err(duplicate("ACTION"))),
        (before("version="), Err(duplicate("Version"))),
        (before("x-id&vers\u{130}on"), Err(duplicate("Version"))),
        (before("action&Action"), Err(duplicate("action"))),
        (
            format!("{GOOD}&x-amz-security-to\u{212A}en=x"),
            Err(duplicate("x-amz-security-to\u{212A}en")),
        ),
        // One name twice, the same value or another.
        (before("Action=GetCallerIdentity"), Err(multiple("Action"))),
        (before("%41ction="), Err(multiple("Action"))),
        (format!("{GOOD}&Version"), Err(multiple("Version"))),
        // Names that no token has. Those two are what SDKs like to add.
        (before("X-Amz-Content-Sha256=UNSIGNED-PAYLOAD"), Err(unexpected("X-Amz-Content-Sha256"))),
        (before("x-id=GetCallerIdentity"), Err(unexpected("x-id"))),
        (before("=x"), Err(unexpected(""))),
        (before("%20=x"), Err(unexpected(" "))),
        (before("+=x"), Err(unexpected(" "))),
        (with("X-Amz-Date", "X-Amz-Date%00"), Err(unexpected("X-Amz-Date\u{FFFD}"))),
        // The first in the query is told.
        (before("x-id&x-id&x-ie&Action"), Err(multiple("Action"))),
        (with("?Action", "?x-id&Action&Action"), Err(unexpected("x-id"))),
        (with("?Action", "?x-id&x-id&Action"), Err(unexpected("x-id"))),
        // What is no UTF-8 is U+FFFD: these two names are one in lower case.
        (before("%FE&%FF"), Err(duplicate("\u{FFFD}"))),
        (before("%FF&%FF"), Err(unexpected("\u{FFFD}"))),
        (before(&"x".repeat(65)), Err(unexpected(&"x".repeat(64)))),
    ];
    for (url, expected) in urls {
        assert_eq!(server(&url), expected, "{url:?}");
    }
}

/// `hasSignedClusterIDHeader`, with `strings.EqualFold`.
#[test]
fn the_cluster_is_among_the_signed_headers_in_any_case() {
    let headers = [
        ("x-k8s-aws-id", true),
        ("X-K8S-AWS-ID", true),
        ("x-k8s-aws-id%3Bhost", true),
        ("%3B%3Bx-k8s-aws-id%3B", true),
        ("x-%E2%84%AA8s-aws-id", true),
        ("x-k8%C5%BF-aws-id", true),
        ("x-k8s-aws-%C4%B0d", false),
        ("x-k8s-aws-id%FF", false),
        ("x-k8s-aws-id+", false),
        ("host,x-k8s-aws-id", false),
        ("host", false),
        ("", false),
    ];
    for (names, is_signed) in headers {
        let expected = if is_signed { Ok(()) } else { Err(Rejection::ClusterNotSigned) };
        assert_eq!(server(&with("host%3Bx-k8s-aws-id", names)), expected, "{names}");
    }
    let absent = with("&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id", "");
    assert_eq!(server(&absent), Err(Rejection::ClusterNotSigned));
}

/// `strconv.Atoi`, then 0 to 900.
#[test]
fn the_expiry_is_a_number_as_go_reads_one() {
    let numbers = [
        ("0", true),
        ("60", true),
        ("900", true),
        ("901", false),
        ("-1", false),
        ("-0", true),
        ("060", true),
        ("00000000000000000000000060", true),
        ("%2B60", true),
        // A raw plus is a blank.
        ("+60", false),
        ("60+", false),
        ("%2B", false),
        ("%2B%2B60", false),
        ("-", false),
        ("", false),
        ("6_0", false),
        ("0x3c", false),
        ("60.0", false),
        ("6e1", false),
        ("%D9%A6%D9%A0", false),
        ("9223372036854775808", false),
        ("18446744073709551676", false),
    ];
    for (number, is_valid) in numbers {
        let url = with("X-Amz-Expires=60", &format!("X-Amz-Expires={number}"));
        let expected = if is_valid { Ok(()) } else { Err(Rejection::InvalidExpires) };
        assert_eq!(server(&url), expected, "{number}");
    }
    assert_eq!(server(&with("&X-Amz-Expires=60", "")), Err(Rejection::InvalidExpires));
}

/// `time.Parse("20060102T150405Z", …)`.
#[test]
fn dates_are_read_as_go_reads_them() {
    let dates = [
        ("20231114T221320Z", Ok(())),
        // A fraction of a second, behind a point or a comma.
        ("20231114T221320.5Z", Ok(())),
        ("20231114T221320,5Z", Ok(())),
        ("20231114T221320.12345678901234567890Z", Ok(())),
        ("20231114T221320.Z", Err(Rejection::MalformedDate)),
        ("20231114T221320.5", Err(Rejection::MalformedDate)),
        ("20231114T221320.5.5Z", Err(Rejection::MalformedDate)),
        // The calendar.
        ("20240229T000000Z", Ok(())),
        ("20230229T000000Z", Err(Rejection::MalformedDate)),
        ("21000229T000000Z", Err(Rejection::MalformedDate)),
        ("20231131T000000Z", Err(Rejection::MalformedDate)),
        ("20231301T000000Z", Err(Rejection::MalformedDate)),
        ("20230001T000000Z", Err(Rejection::MalformedDate)),
        ("20231100T000000Z", Err(Rejection::MalformedDate)),
        ("20231114T240000Z", Err(Rejection::MalformedDate)),
        ("20231114T226000Z", Err(Rejection::MalformedDate)),
        ("20231114T221360Z", Err(Rejection::MalformedDate)),
        ("00000229T000000Z", Err(Rejection::Expired(0))),
        ("19691231T235959Z", Err(Rejection::Expired(899))),
        ("19691231T234459Z", Err(Rejection::Expired(0))),
        // Its form.
        ("20231114t221320Z", Err(Rejection::MalformedDate)),
        ("20231114T221320z", Err(Rejection::MalformedDate)),
        ("20231114T221320", Err(Rejection::MalformedDate)),
        ("20231114T221320ZZ", Err(Rejection::MalformedDate)),
        ("20231114T221320%2B0000", Err(Rejection::MalformedDate)),
        ("2023-11-14T22:13:20Z", Err(Rejection::MalformedDate)),
        ("%2B0231114T221320Z", Err(Rejection::MalformedDate)),
        ("20231114T22132Z", Err(Rejection::MalformedDate)),
        ("+20231114T221320Z", Err(Rejection::MalformedDate)),
        ("20231114", Err(Rejection::MalformedDate)),
        ("%D9%A20231114T221320Z", Err(Rejection::MalformedDate)),
        ("", Err(Rejection::MissingDate)),
    ];
    for (date, expected) in dates {
        assert_eq!(server(&with("20231114T221320Z", date)), expected, "{date}");
    }
    assert_eq!(server(&with("&X-Amz-Date=20231114T221320Z", "")), Err(Rejection::MissingDate));
}

/// A fraction of the second in which it was signed makes no difference to a clock of whole ones.
#[test]
fn a_token_is_good_for_15_minutes_and_the_future_is_not_looked_at() {
    let at = |url: &str, now| inspect(&token_of(url), None, now).server;
    for url in [GOOD.to_owned(), with("221320Z", "221320.999Z")] {
        assert_eq!(at(&url, NOW + 900), Ok(()));
        for now in [NOW + 901, NOW + 1_000_000, u64::MAX] {
            assert_eq!(at(&url, now), Err(Rejection::Expired(NOW + 900)), "at {now}");
        }
        for now in [NOW - 1, NOW - 1_000_000, 0] {
            assert_eq!(at(&url, now), Ok(()), "at {now}");
        }
    }
    assert_eq!(at(&with("20231114T221320Z", "99991231T235959Z"), NOW), Ok(()));
}

/// What the server passes on and STS refuses: a token with that fault alone.
#[test]
fn each_fault_that_only_sts_sees_is_a_finding() {
    let faults = [
        ("userinfo", with("https://", "https://user@")),
        ("parameter-case", with("X-Amz-Date", "x-amz-date")),
        ("parameter-case", with("Security-Token", "Security-To\u{212A}en")),
        ("algorithm", with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")),
        ("algorithm", with("&X-Amz-Algorithm=AWS4-HMAC-SHA256", "")),
        ("version", with("2011-06-15", "2010-05-08")),
        ("version", with("&Version=2011-06-15", "")),
        ("signature-malformed", with("Signature=0123", "Signature=")),
        ("signature-malformed", with("Signature=0123456789abcdef", "Signature=0123456789ABCDEF")),
        ("host-not-signed", with("host%3Bx-k8s-aws-id", "x-k8s-aws-id")),
        ("foreign-signed-header", with("host%3B", "host%3Bx-amz-security-token%3B")),
        ("foreign-signed-header", with("host%3B", "content-type%3Bhost%3B")),
        ("date-ahead", with("T221320Z", "T221821Z")),
        ("credential-malformed", with("%2Faws4_request", "")),
        ("credential-malformed", with("aws4_request", "aws4_request%2F")),
        ("credential-malformed", with("ASIAEXAMPLE%2F", "%2F")),
        ("scope-date", with("%2F20231114%2F", "%2F20231113%2F")),
        ("scope-region", with("%2Feu-central-1%2F", "%2Feu-west-1%2F")),
        ("scope-region", with("sts.eu-central-1.amazonaws.com", "sts.amazonaws.com")),
        ("scope-service", with("%2Fsts%2F", "%2Fs3%2F")),
        ("missing-session-token", with("&X-Amz-Security-Token=EXAMPLE%2Btokens", "")),
    ];
    for (code, url) in faults {
        let inspection = inspect(&token_of(&url), None, NOW);
        assert_eq!(inspection.server, Ok(()), "{url}");
        assert_eq!(codes(&inspection), [code], "{url}");
    }
}

#[test]
fn a_good_token_has_no_findings() {
    let fine = [
        GOOD.to_owned(),
        // Five minutes ahead; a long-lived key; the region that the global host is signed for.
        with("T221320Z", "T221820Z"),
        with("ASIAEXAMPLE", "AKIAEXAMPLE").replace("&X-Amz-Security-Token=EXAMPLE%2Btokens", ""),
        with("sts.eu-central-1.amazonaws.com", "sts.amazonaws.com")
            .replace("%2Feu-central-1%2F", "%2Fus-east-1%2F"),
    ];
    for url in fine {
        let inspection = inspect(&token_of(&url), None, NOW);
        assert_eq!(inspection.server, Ok(()), "{url}");
        assert_eq!(codes(&inspection), [""; 0], "{url}");
    }
    let credentials = credentials("ASIAEXAMPLE", "secret", Some("EXAMPLE+token"));
    let token = Token::new(&credentials, &request("my-cluster", "eu-central-1", NOW));
    let inspection = inspect(&token.expect("a token").value, Some(Partition::Aws), NOW);
    assert_eq!(inspection.server, Ok(()));
    assert_eq!(codes(&inspection), [""; 0]);
    assert!(inspection.claims.expect("a URL").has_session_token);
}

/// What a server of the host's own partition says to `url` at [`NOW`].
fn server(url: &str) -> Result<(), Rejection> {
    inspect(&token_of(url), None, NOW).server
}

/// [`GOOD`] with one thing changed that stands there once.
fn with(part: &str, other: &str) -> String {
    let first = GOOD.find(part).unwrap_or_else(|| panic!("{part} is not there"));
    let is_ambiguous = GOOD[first + 1..].contains(part) && part != "eu-central";
    assert!(!is_ambiguous, "{part} stands there twice");
    GOOD.replacen(part, other, 1)
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|Finding { code, .. }| code.as_str()).collect()
}

fn unexpected(name: &str) -> Rejection {
    Rejection::UnexpectedParameter(name.to_owned())
}

fn multiple(name: &str) -> Rejection {
    Rejection::MultipleValues(name.to_owned())
}

fn duplicate(name: &str) -> Rejection {
    Rejection::DuplicateParameter(name.to_owned())
}
