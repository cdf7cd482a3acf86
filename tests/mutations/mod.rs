//! What may happen to a token: mutations that mean something to the checks of a server.

mod dice;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eks_token_signer::PREFIX;

pub(crate) use dice::Dice;

use crate::common::url_of;

/// Every region of botocore, and its hosts.
const STS_ENDPOINTS: &str = include_str!("../data/sts_endpoints.csv");

/// Partition, region and host, from the table.
pub(crate) static ROWS: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
    let is_row = |line: &&str| !line.starts_with('#') && !line.starts_with("partition,");
    let columns_of = |line: &'static str| {
        let columns: Vec<&str> = line.split(',').collect();
        [columns[0], columns[1], columns[5]]
    };
    STS_ENDPOINTS.lines().filter(is_row).map(columns_of).collect()
});

/// Hosts beside the ones of the table. The first four are DNS names that are of no known region.
pub(crate) const ODD_HOSTS: [&str; 33] = [
    "sts.not-a-region.amazonaws.com",
    "sts-fips.xx-newer-12.api.aws",
    "sts.cn-newer-12.amazonaws.com.cn",
    "sts.US-WEST-2.amazonaws.com",
    "STS.us-west-2.amazonaws.com",
    "sts.us-west-2.AMAZONAWS.com",
    "sts.amazonaws.com.",
    "sts.us-west-2.amazonaws.com.",
    "sts.us-west-2.amazonaws.com.cn",
    "sts.cn-north-1.amazonaws.com",
    "sts.us-gov-west-1.amazonaws.com",
    "sts-fips.us-gov-west-1.amazonaws.com",
    "sts-fips.us-gov-west-1.api.aws",
    "sts.us-iso-east-1.amazonaws.com",
    "sts.us-iso-east-1.c2s.ic.gov",
    "sts.us-iso-east-1.api.aws.ic.gov",
    "sts-fips.us-west-2.amazonaws.com",
    "sts.eusc-de-east-1.amazonaws.com",
    "sts.-west-2.amazonaws.com",
    "sts.west-2-.amazonaws.com",
    "sts..amazonaws.com",
    "sts.us_west_2.amazonaws.com",
    "sts.us-west-2.amazonaws.com%25",
    "sts.us-west-2.amazonaws.com%2e",
    "sts.us%C3%A9-west-2.amazonaws.com",
    "sts.2.amazonaws.com",
    "google.com",
    "localhost",
    "",
    "[::1]",
    "[fe80::1%25en0]:443",
    "sts.[us-west-2].amazonaws.com",
    "sts.us-west-2.amazonaws.com<>\"",
];

/// The token after one to three things happened to it, or none.
pub(crate) fn mutate(token: &str, dice: &mut Dice) -> String {
    let mut url = url_of(token).into_bytes();
    let mutations = [0, 1, 1, 1, 1, 1, 1, 2, 2, 3][dice.below(10)];
    for _ in 0..mutations {
        let mutation = dice.pick(&URL_MUTATIONS);
        mutation(&mut url, dice);
    }
    let mut token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(url)).into_bytes();
    if mutations == 0 || dice.one_in(8) {
        let mutation = dice.pick(&TOKEN_MUTATIONS);
        mutation(&mut token, dice);
    }
    String::from_utf8_lossy(&token).into_owned()
}

type Mutation = fn(&mut Vec<u8>, &mut Dice);

const URL_MUTATIONS: [Mutation; 25] = [
    |url, dice| change_a_byte(url, dice),
    insert_a_byte,
    delete_a_byte,
    delete_a_stretch,
    swap_case,
    escape_a_byte,
    break_an_escape,
    change_scheme,
    change_host,
    change_host,
    add_a_port,
    add_userinfo,
    add_a_fragment,
    change_path,
    repeat_a_parameter,
    repeat_a_parameter_in_other_case,
    add_a_parameter,
    remove_a_parameter,
    remove_a_parameter,
    move_a_parameter,
    rename_a_parameter,
    change_action,
    change_signed_headers,
    change_expires,
    change_date,
];

const TOKEN_MUTATIONS: [Mutation; 9] = [
    |_, _| {},
    |token, dice| insert(token, b"\n", dice),
    |token, dice| insert(token, b"\r\n", dice),
    |token, dice| {
        let stranger = dice.pick(b"+/=. \t\x0B\0");
        insert(token, &[stranger], dice);
    },
    |token, dice| {
        let end = dice.pick(&["=", "==", "=\n", "A", "AA", "\n", "\r"]);
        token.extend(end.as_bytes());
    },
    |token, dice| token.truncate(dice.below(token.len())),
    // Other bits left over at the end, or another last byte.
    |token, dice| *token.last_mut().expect("not empty") = dice.pick(BASE64URL),
    |token, dice| {
        let length = 4094 + dice.below(5);
        token.resize(length.max(token.len()), b'\n');
    },
    |token, dice| {
        let prefix = dice.pick(&["", "k8s-aws-v2.", "K8s-aws-v1.", " k8s-aws-v1.", "k8s-aws-v1"]);
        token.splice(..PREFIX.len(), prefix.bytes());
    },
];

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes that mean something to some part of a URL, and bytes that may stand in none.
const BYTES: &[u8] = b"%&=;?#/@:[]+ .,-_~*!<>\"^|AZaz09\0\x0A\x1F\x7F\x80\xC3\xE2\xFF";

fn change_a_byte(url: &mut [u8], dice: &mut Dice) {
    if let Some(at) = dice.position(url) {
        url[at] = if dice.one_in(4) { dice.byte() } else { dice.pick(BYTES) };
    }
}

fn insert_a_byte(url: &mut Vec<u8>, dice: &mut Dice) {
    let byte = dice.pick(BYTES);
    insert(url, &[byte], dice);
}

fn delete_a_byte(url: &mut Vec<u8>, dice: &mut Dice) {
    if let Some(at) = dice.position(url) {
        url.remove(at);
    }
}

fn delete_a_stretch(url: &mut Vec<u8>, dice: &mut Dice) {
    if let Some(at) = dice.position(url) {
        let end = (at + dice.below(40)).min(url.len());
        url.drain(at..end);
    }
}

/// Of one letter, or of all.
fn swap_case(url: &mut Vec<u8>, dice: &mut Dice) {
    if dice.one_in(4) {
        for byte in url {
            *byte = in_other_case(*byte);
        }
    } else if let Some(at) = dice.position(url) {
        url[at] = in_other_case(url[at]);
    }
}

fn escape_a_byte(url: &mut Vec<u8>, dice: &mut Dice) {
    if let Some(at) = dice.position(url) {
        let escape = format!("%{:02x}", url[at]);
        url.splice(at..=at, escape.bytes());
    }
}

fn break_an_escape(url: &mut Vec<u8>, dice: &mut Dice) {
    let escape = dice.pick(&["%", "%2", "%g0", "%0g", "%%25", "%25", "%3b", "%26", "%00"]);
    if dice.one_in(3) {
        url.extend(escape.bytes());
    } else {
        insert(url, escape.as_bytes(), dice);
    }
}

fn change_scheme(url: &mut Vec<u8>, dice: &mut Dice) {
    const SCHEMES: [&str; 12] = [
        "http:", "HTTPS:", "hTtPs:", "", ":", "https", "1https:", "h+t.t-p:", "ht_tp:", "s:", "*",
        "/",
    ];
    let Some(colon) = url.iter().position(|byte| *byte == b':') else { return };
    url.splice(..=colon, dice.pick(&SCHEMES).bytes());
}

fn change_host(url: &mut Vec<u8>, dice: &mut Dice) {
    let host = if dice.one_in(2) { dice.pick(&ROWS)[2] } else { dice.pick(&ODD_HOSTS) };
    with_authority(url, |authority| *authority = host.into());
}

fn add_a_port(url: &mut Vec<u8>, dice: &mut Dice) {
    let port = dice.pick(&[":443", ":", ":x", "::1", ":4:4", ":-1", ":%34", ":\u{661}"]);
    with_authority(url, |authority| authority.extend(port.bytes()));
}

fn add_userinfo(url: &mut Vec<u8>, dice: &mut Dice) {
    let userinfo = dice.pick(&[
        "@",
        "me@",
        "me:secret@",
        ":@",
        "a@b@",
        "%41@",
        "%zz@",
        "a:%2@",
        "a b@",
        "\u{e9}@",
        "[@",
        "a:b:c@",
    ]);
    with_authority(url, |authority| drop(authority.splice(..0, userinfo.bytes())));
}

fn add_a_fragment(url: &mut Vec<u8>, dice: &mut Dice) {
    let fragment = dice.pick(&["#", "#x", "#%41", "#%zz", "#%", "#\x01", "##", "#\u{e9}", "#?&;"]);
    if dice.one_in(3) {
        insert(url, fragment.as_bytes(), dice);
    } else {
        url.extend(fragment.bytes());
    }
}

fn change_path(url: &mut Vec<u8>, dice: &mut Dice) {
    let path = dice.pick(&["", "//", "/abc", "/%2f", "/%zz", "/.", "/;", "%2f", "/\u{e9}", "/:"]);
    let Some(query) = url.iter().position(|byte| *byte == b'?') else { return };
    let Some(slash) = url[..query].iter().rposition(|byte| *byte == b'/') else { return };
    url.splice(slash..query, path.bytes());
}

fn repeat_a_parameter(url: &mut Vec<u8>, dice: &mut Dice) {
    with_parameters(url, |parameters| {
        let again = parameters[dice.below(parameters.len())].clone();
        parameters.insert(dice.below(parameters.len() + 1), again);
    });
}

fn repeat_a_parameter_in_other_case(url: &mut Vec<u8>, dice: &mut Dice) {
    with_parameters(url, |parameters| {
        let mut again = parameters[dice.below(parameters.len())].clone();
        let name = again.iter().position(|byte| *byte == b'=').unwrap_or(again.len());
        if dice.one_in(2) {
            again[..name].iter_mut().for_each(|byte| *byte = in_other_case(*byte));
        } else if let Some(at) = again.iter().position(|byte| b"iIkK".contains(byte)) {
            let letter = if again[at].eq_ignore_ascii_case(&b'i') { "\u{130}" } else { "\u{212A}" };
            again.splice(at..=at, letter.bytes());
        }
        parameters.insert(dice.below(parameters.len() + 1), again);
    });
}

fn add_a_parameter(url: &mut Vec<u8>, dice: &mut Dice) {
    const PARAMETERS: [&[u8]; 18] = [
        b"X-Amz-Content-Sha256=UNSIGNED-PAYLOAD",
        b"x-id=GetCallerIdentity",
        b"",
        b"=",
        b"=x",
        b"x",
        b"action",
        b"ACTION=GetCallerIdentity",
        b"a+b=c+d",
        b"%61ction=GetCallerIdentity",
        b"%",
        b"a;b",
        b"a=b;c",
        b"%3B=%3B",
        b"x\xFF=1",
        b"x\xFE=1",
        b"x%E2%84%AA=1",
        b"x\xE2\x84=1",
    ];
    let parameter = dice.pick(&PARAMETERS);
    with_parameters(url, |parameters| {
        parameters.insert(dice.below(parameters.len() + 1), parameter.to_vec());
    });
}

fn remove_a_parameter(url: &mut Vec<u8>, dice: &mut Dice) {
    with_parameters(url, |parameters| drop(parameters.remove(dice.below(parameters.len()))));
}

fn move_a_parameter(url: &mut Vec<u8>, dice: &mut Dice) {
    with_parameters(url, |parameters| {
        let moved = parameters.remove(dice.below(parameters.len()));
        parameters.insert(dice.below(parameters.len() + 1), moved);
    });
}

/// To what is the same without case, or nearly.
fn rename_a_parameter(url: &mut Vec<u8>, dice: &mut Dice) {
    const NAMES: [(&str, &str); 10] = [
        ("Action", "act\u{130}on"),
        ("Action", "%41ction"),
        ("Action", "ACT%C4%B0ON"),
        ("Version", "ver\u{17F}ion"),
        ("X-Amz-Expires", "x-amz-expire\u{17F}"),
        ("X-Amz-Expires", "X-AMZ-EXP\u{130}RES"),
        ("X-Amz-Date", "x-amz-date "),
        ("X-Amz-Date", "x%2Damz-date"),
        ("X-Amz-Security-Token", "x-amz-security-to\u{212A}en"),
        ("X-Amz-Security-Token", "x-amz-secur\u{130}ty-to%E2%84%AAen"),
    ];
    let (name, other) = dice.pick(&NAMES);
    with_parameters(url, |parameters| {
        for parameter in parameters {
            if parameter.starts_with(name.as_bytes()) {
                parameter.splice(..name.len(), other.bytes());
            }
        }
    });
}

fn change_action(url: &mut Vec<u8>, dice: &mut Dice) {
    const ACTIONS: [&str; 8] = [
        "",
        "getcalleridentity",
        "GetCallerIdentit%79",
        "GetCallerIdentity%20",
        "+GetCallerIdentity",
        "GetSessionToken",
        "GetCallerIdentity=",
        "GetCallerIdentity%00",
    ];
    set_value(url, "Action", dice.pick(&ACTIONS));
}

fn change_signed_headers(url: &mut Vec<u8>, dice: &mut Dice) {
    const HEADERS: [&str; 15] = [
        "",
        "host",
        "x-k8s-aws-id",
        "X-K8S-AWS-ID",
        "x-k8s-aws-id%3Bhost",
        "host;x-k8s-aws-id",
        "host%3b%3bx-k8s-aws-id%3b",
        "host%3Bx-k8s-aws-i",
        "host%3Bx-k8s-aws-id+",
        "host,x-k8s-aws-id",
        "host%3Bx-%E2%84%AA8s-aws-id",
        "host%3Bx-k8%C5%BF-aw\u{17F}-id",
        "host%3Bx-k8s-aws-%C4%B0d",
        "accept%3Bhost%3Bx-k8s-aws-id",
        "host%3Bx-k8s-aws-id%FF",
    ];
    set_value(url, "X-Amz-SignedHeaders", dice.pick(&HEADERS));
}

fn change_expires(url: &mut Vec<u8>, dice: &mut Dice) {
    const NUMBERS: [&str; 27] = [
        "",
        "0",
        "-0",
        "+0",
        "-1",
        "900",
        "901",
        "060",
        "+60",
        "%2B60",
        "%2b%2B60",
        "60%gh",
        "60+",
        "%2060",
        "6_0",
        "0x3c",
        "60.0",
        "%D9%A660",
        "9999999",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551676",
        "00000000000000000000000000000060",
        "-00000000000000000000000000000000",
        "%2B",
        "-",
        "60%00",
    ];
    set_value(url, "X-Amz-Expires", dice.pick(&NUMBERS));
}

fn change_date(url: &mut Vec<u8>, dice: &mut Dice) {
    const ENDS: [&str; 14] = [
        "Z",
        "Z",
        "Z",
        "Z",
        "z",
        "",
        "ZZ",
        ".5Z",
        ",25Z",
        ".Z",
        ".1234567890123Z",
        ".5",
        "%00Z",
        "+Z",
    ];
    let year = dice.pick(&[0, 1, 100, 400, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2100, 9999]);
    let month = dice.below(14);
    let day = if dice.one_in(2) { dice.below(34) } else { dice.below(28) + 1 };
    let (hour, minute, second) = (dice.below(25), dice.below(61), dice.below(61));
    let between = dice.pick(&["T", "T", "T", "T", "t", "", "%20"]);
    let end = dice.pick(&ENDS);
    let date = format!("{year:04}{month:02}{day:02}{between}{hour:02}{minute:02}{second:02}{end}");
    set_value(url, "X-Amz-Date", if dice.one_in(10) { "" } else { &date });
}

const fn in_other_case(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte }
}

fn insert(bytes: &mut Vec<u8>, new: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    bytes.splice(at..at, new.iter().copied());
}

/// Changes what stands between `//` and the next `/`.
fn with_authority(url: &mut Vec<u8>, change: impl FnOnce(&mut Vec<u8>)) {
    let Some(start) = url.windows(2).position(|two| two == b"//") else { return };
    let start = start + 2;
    let end = url[start..].iter().position(|byte| *byte == b'/').map_or(url.len(), |at| start + at);
    let mut authority = url[start..end].to_vec();
    change(&mut authority);
    url.splice(start..end, authority);
}

/// Changes the parameters behind the first `?`, where there are any.
fn with_parameters(url: &mut Vec<u8>, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let Some(start) = url.iter().position(|byte| *byte == b'?') else { return };
    let mut parameters: Vec<Vec<u8>> =
        url[start + 1..].split(|byte| *byte == b'&').map(<[u8]>::to_vec).collect();
    change(&mut parameters);
    url.splice(start + 1.., parameters.join(&b'&'));
}

fn set_value(url: &mut Vec<u8>, name: &str, value: &str) {
    with_parameters(url, |parameters| {
        for parameter in parameters {
            if parameter.starts_with(name.as_bytes()) {
                *parameter = format!("{name}={value}").into_bytes();
            }
        }
    });
}
