//! The server's checks, read a second time and written as plainly as they go, to be compared with
//! `inspect`. Nothing here is shared with it but the names of the cases.
//!
//! Read from aws-iam-authenticator `pkg/token/token.go` (`Verify` and what it calls) and
//! `pkg/endpoints/partitions.go`, from Go 1.26 (`net/url`, `encoding/base64`, `strconv`, `time`,
//! `strings`), and from the endpoint rule set and `partitions.json` of the AWS SDKs.

use eks_token_signer::{Partition, Rejection};

use crate::common::days_in_month;

/// What the server says, and what the token says of itself as far as both got.
pub(crate) struct Reading {
    pub(crate) server: Result<(), Rejection>,
    /// Bytes of the host, if there is a URL.
    pub(crate) host: Option<Vec<u8>>,
    /// Names of the signed headers and the date, if every name in the query is known and stands
    /// there once.
    pub(crate) parameters: Option<(Vec<Vec<u8>>, Option<u64>)>,
}

pub(crate) fn read(token: &str, partition: Option<Partition>, now: u64) -> Reading {
    let mut reading = Reading { server: Ok(()), host: None, parameters: None };
    reading.server = verify(token.as_bytes(), partition, now, &mut reading);
    reading
}

/// `Verify`, up to where it asks STS.
fn verify(
    token: &[u8],
    partition: Option<Partition>,
    now: u64,
    reading: &mut Reading,
) -> Result<(), Rejection> {
    if token.len() > 4096 {
        return Err(Rejection::TooLarge(u32::try_from(token.len()).expect("a short test")));
    }
    let Some(encoded) = token.strip_prefix(b"k8s-aws-v1.") else {
        return Err(Rejection::MissingPrefix);
    };
    let url = decode_base64(encoded).ok_or(Rejection::NotBase64Url)?;
    let url = parse_url(&url).ok_or(Rejection::NotAUrl)?;
    reading.host = Some(url.host.clone());

    if url.scheme != b"https" {
        return Err(Rejection::UnexpectedScheme);
    }
    if !is_host_of_sts(&url.host, partition) {
        return Err(Rejection::UnexpectedHost);
    }
    if url.path != b"/" {
        return Err(Rejection::UnexpectedPath);
    }

    let query = parse_query(&url.raw_query).ok_or(Rejection::MalformedQuery)?;
    check_names(&query)?;
    let value = |name: &str| -> &[u8] {
        let of_name = |(key, _): &&(Vec<u8>, Vec<Vec<u8>>)| lower(&text(key)) == name;
        query.iter().find(of_name).map_or(b"", |(_, values)| &values[0])
    };
    let signed_headers: Vec<Vec<u8>> =
        value("x-amz-signedheaders").split(|byte| *byte == b';').map(<[u8]>::to_vec).collect();
    let date = parse_date(value("x-amz-date"));
    let signed_at = date.and_then(|seconds| u64::try_from(seconds).ok());
    reading.parameters = Some((signed_headers.clone(), signed_at));

    if value("action") != b"GetCallerIdentity" {
        return Err(Rejection::UnexpectedAction);
    }
    if !signed_headers.iter().any(|name| fold(&text(name)) == "x-k8s-aws-id") {
        return Err(Rejection::ClusterNotSigned);
    }
    if !is_from_0_to_900(value("x-amz-expires")) {
        return Err(Rejection::InvalidExpires);
    }
    if value("x-amz-date").is_empty() {
        return Err(Rejection::MissingDate);
    }
    let end = date.ok_or(Rejection::MalformedDate)? + 900;
    if i128::from(now) > i128::from(end) {
        return Err(Rejection::Expired(u64::try_from(end).unwrap_or(0)));
    }
    Ok(())
}

/// `validateDuplicateParameters` and the loop behind it. Go goes through the names in random order;
/// here it is the order in which they first stand in the query.
fn check_names(query: &[(Vec<u8>, Vec<Vec<u8>>)]) -> Result<(), Rejection> {
    const KNOWN: [&str; 9] = [
        "action",
        "version",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
    ];
    let mut seen: Vec<String> = Vec::new();
    for (key, _) in query {
        let name = text(key);
        if seen.contains(&lower(&name)) {
            return Err(Rejection::DuplicateParameter(shown(key)));
        }
        seen.push(lower(&name));
    }
    for (key, values) in query {
        let name = text(key);
        if !KNOWN.contains(&lower(&name).as_str()) {
            return Err(Rejection::UnexpectedParameter(shown(key)));
        }
        if values.len() != 1 {
            return Err(Rejection::MultipleValues(shown(key)));
        }
    }
    Ok(())
}

/// `base64.RawURLEncoding`: line breaks are skipped, bits that are left over ignored, and one
/// character alone at the end is too few.
fn decode_base64(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut characters = 0;
    for byte in encoded {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            b'\r' | b'\n' => continue,
            _ => return None,
        };
        characters += 1;
        bits = (bits << 6 | u32::from(six)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).expect("eight bits"));
        }
    }
    (characters % 4 != 1).then_some(bytes)
}

struct ParsedUrl {
    scheme: Vec<u8>,
    host: Vec<u8>,
    path: Vec<u8>,
    raw_query: Vec<u8>,
}

/// `url.Parse`.
fn parse_url(whole: &[u8]) -> Option<ParsedUrl> {
    let (url, fragment) = cut(whole, b'#');
    if url.iter().any(u8::is_ascii_control) {
        return None;
    }
    let mut parsed = ParsedUrl { scheme: vec![], host: vec![], path: vec![], raw_query: vec![] };
    // `*` alone is a path. It has no scheme, which is all that matters here.
    let (scheme, rest) = split_scheme(url)?;
    parsed.scheme = scheme.to_ascii_lowercase();
    let (rest, raw_query) = cut(rest, b'?');
    parsed.raw_query = raw_query.to_vec();

    if !rest.starts_with(b"/") {
        if !parsed.scheme.is_empty() {
            // Opaque, as in `mailto:someone`: neither host nor path, and nothing is unescaped.
            unescape(fragment, Part::Other)?;
            return Some(parsed);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return None;
        }
    }

    let mut path = rest;
    let has_authority = rest.starts_with(b"//");
    if has_authority && (!parsed.scheme.is_empty() || !rest.starts_with(b"///")) {
        let behind = &rest[2..];
        let end = behind.iter().position(|byte| *byte == b'/').unwrap_or(behind.len());
        parsed.host = parse_authority(&parsed.scheme, &behind[..end])?;
        path = &behind[end..];
    }
    parsed.path = unescape(path, Part::Other)?;
    unescape(fragment, Part::Other)?;
    Some(parsed)
}

/// `getScheme`: nothing where there is no scheme; `None` where a colon comes first.
fn split_scheme(url: &[u8]) -> Option<(&[u8], &[u8])> {
    for (index, byte) in url.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return None,
            b':' => return Some((&url[..index], &url[index + 1..])),
            _ => break,
        }
    }
    Some((b"", url))
}

/// `parseAuthority`: the host with its port. Behind the last `@`, if there is one.
fn parse_authority(scheme: &[u8], authority: &[u8]) -> Option<Vec<u8>> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return parse_host(scheme, authority);
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let user = &authority[..at];
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(is_valid) {
        return None;
    }
    let (name, password) = cut(user, b':');
    unescape(name, Part::Other)?;
    unescape(password, Part::Other)?;
    Some(host)
}

/// `parseHost` as of Go 1.26.4, with which the server is built; 1.26.0 was as strict with every
/// scheme. Go also wants an IPv6 address in brackets: with or without one it is no host of STS.
fn parse_host(scheme: &[u8], host: &[u8]) -> Option<Vec<u8>> {
    match host.iter().rposition(|byte| *byte == b'[') {
        None => {
            let is_strict = scheme == b"http" || scheme == b"https";
            let is_colon = |byte: &u8| *byte == b':';
            let (first, last) = (host.iter().position(is_colon), host.iter().rposition(is_colon));
            let port = if is_strict { first } else { last };
            is_optional_port(&host[port.unwrap_or(host.len())..]).then_some(())?;
            unescape(host, Part::Host)
        }
        Some(0) => {
            let end = host.iter().rposition(|byte| *byte == b']')?;
            let (address, port) = (&host[1..end], &host[end + 1..]);
            is_optional_port(port).then_some(())?;
            let zone = address.windows(3).position(|three| three == b"%25");
            let (address, zone) = address.split_at(zone.unwrap_or(address.len()));
            let mut whole = b"[".to_vec();
            whole.extend(unescape(address, Part::Host)?);
            whole.extend(unescape(zone, Part::Zone)?);
            whole.push(b']');
            whole.extend(port);
            Some(whole)
        }
        Some(_) => None,
    }
}

/// `validOptionalPort`.
fn is_optional_port(port: &[u8]) -> bool {
    port.is_empty() || (port[0] == b':' && port[1..].iter().all(u8::is_ascii_digit))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
    Query,
    /// Path, user, password and fragment.
    Other,
}

/// `unescape`.
fn unescape(escaped: &[u8], part: Part) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = escaped;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'%' => {
                let (high, low) = (hex_digit(*rest.first()?)?, hex_digit(*rest.get(1)?)?);
                let byte = high << 4 | low;
                rest = &rest[2..];
                let is_allowed = match part {
                    Part::Host => byte >= 0x80 || byte == b'%',
                    Part::Zone => byte == b'%' || byte == b' ' || is_host_byte(byte),
                    Part::Query | Part::Other => true,
                };
                is_allowed.then_some(())?;
                bytes.push(byte);
            }
            b'+' if part == Part::Query => bytes.push(b' '),
            byte => {
                let in_host = matches!(part, Part::Host | Part::Zone);
                (!in_host || *byte >= 0x80 || is_host_byte(*byte)).then_some(())?;
                bytes.push(*byte);
            }
        }
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// Not to be escaped in a host (`shouldEscape`).
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte)
}

/// Names in the order in which they first stand, each with all its values.
type Values = Vec<(Vec<u8>, Vec<Vec<u8>>)>;

/// `url.ParseQuery`.
fn parse_query(raw: &[u8]) -> Option<Values> {
    let mut query = Values::new();
    for setting in raw.split(|byte| *byte == b'&') {
        if setting.contains(&b';') {
            return None;
        }
        if setting.is_empty() {
            continue;
        }
        let (name, value) = cut(setting, b'=');
        let name = unescape(name, Part::Query)?;
        let value = unescape(value, Part::Query)?;
        match query.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => query.push((name, vec![value])),
        }
    }
    Some(query)
}

/// `strings.Cut`.
fn cut(bytes: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == separator) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, b""),
    }
}

/// As Go goes through a string: each byte that is not UTF-8 is U+FFFD.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        match str::from_utf8(rest) {
            Ok(valid) => return text + valid,
            Err(error) => {
                let (valid, invalid) = rest.split_at(error.valid_up_to());
                text += str::from_utf8(valid).expect("just checked");
                text.push(char::REPLACEMENT_CHARACTER);
                rest = &invalid[1..];
            }
        }
    }
}

/// A name as a message has it. This is no rule of the server's: 64 characters at most, and none
/// that a terminal should not be shown.
fn shown(name: &[u8]) -> String {
    let printable = |char: char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
    String::from_utf8_lossy(name).chars().take(64).map(printable).collect()
}

/// `strings.ToLower`, for what can become ASCII.
fn lower(text: &str) -> String {
    let of_char = |char| match char {
        '\u{212A}' => 'k',
        '\u{130}' => 'i',
        _ => char.to_ascii_lowercase(),
    };
    text.chars().map(of_char).collect()
}

/// As `strings.EqualFold` compares, for what can equal ASCII.
fn fold(text: &str) -> String {
    let of_char = |char| match char {
        '\u{212A}' => 'k',
        '\u{17F}' => 's',
        _ => char.to_ascii_lowercase(),
    };
    text.chars().map(of_char).collect()
}

/// `strconv.Atoi`, and the comparison behind it.
fn is_from_0_to_900(text: &[u8]) -> bool {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = digits.iter().fold(0_u32, |number, digit| {
        number.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    });
    number == 0 || (number <= 900 && !is_negative)
}

/// `time.Parse("20060102T150405Z", …)`, in Unix seconds. A fraction of a second passes, and is
/// dropped: the server's clock is one of whole seconds here.
fn parse_date(text: &[u8]) -> Option<i64> {
    let two_digits = |at: usize| -> Option<u64> {
        let pair = text.get(at..at + 2)?;
        let is_number = pair.iter().all(u8::is_ascii_digit);
        is_number.then(|| u64::from(pair[0] - b'0') * 10 + u64::from(pair[1] - b'0'))
    };
    let year = two_digits(0)? * 100 + two_digits(2)?;
    let (month, day) = (two_digits(4)?, two_digits(6)?);
    let (hour, minute, second) = (two_digits(9)?, two_digits(11)?, two_digits(13)?);
    (text.get(8) == Some(&b'T')).then_some(())?;
    (1..=12).contains(&month).then_some(())?;
    (1..=days_in_month(year, month)).contains(&day).then_some(())?;
    (hour < 24 && minute < 60 && second < 60).then_some(())?;

    let behind = match &text[15..] {
        [b'.' | b',', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (digits > 0).then(|| &fraction[digits..])?
        }
        behind => behind,
    };
    (behind == b"Z").then_some(())?;

    let leap_years_before = year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
    let days_of_months: u64 = (1..month).map(|month| days_in_month(year, month)).sum();
    let days = year * 365 + leap_years_before + days_of_months + day - 1;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(i64::try_from(seconds).expect("four digits of years") - SECONDS_BEFORE_1970)
}

/// From 0000-01-01T00:00:00Z on: 1970 years, of which 478 are leap years.
const SECONDS_BEFORE_1970: i64 = (1970 * 365 + 478) * 86_400;

/// `verifyHost`. The host of the server's own region, which it takes where the SDK does not know
/// that region, is left out.
fn is_host_of_sts(host: &[u8], partition: Option<Partition>) -> bool {
    let labels: Vec<&[u8]> = host.split(|byte| *byte == b'.').collect();
    if labels.len() < 3 {
        return false;
    }
    let region = labels[1];
    let partition = partition.unwrap_or_else(|| partition_of(region));
    if host == b"sts.amazonaws.com" {
        return partition == Partition::Aws;
    }
    if !is_region_name(region) || !hosts_of_region(region).contains(&host.to_vec()) {
        return false;
    }
    let domain = labels[2..].join(&b'.');
    domain == standard_domain(partition).as_bytes()
        || server_dual_stack_domain(partition).is_some_and(|known| domain == known.as_bytes())
}

/// `^[[:alnum:]]([[:alnum:]\-]*[[:alnum:]])?$`
fn is_region_name(region: &[u8]) -> bool {
    let is_alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_alphanumeric(region.first())
        && is_alphanumeric(region.last())
        && region.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// What the SDK resolves: with and without FIPS, with and without dual-stack.
fn hosts_of_region(region: &[u8]) -> Vec<Vec<u8>> {
    let partition = partition_of(region);
    let (standard, dual_stack) = (standard_domain(partition), sdk_dual_stack_domain(partition));
    let host = |name: &str, domain: &str| [name.as_bytes(), region, domain.as_bytes()].join(&b'.');
    let fips = if partition == Partition::AwsUsGov { "sts" } else { "sts-fips" };
    vec![
        host("sts-fips", dual_stack),
        host(fips, standard),
        host("sts", dual_stack),
        host("sts", standard),
    ]
}

/// The `regionRegex` of `partitions.json`; a region that fits none is one of partition aws. The
/// names that stand for a whole partition, as `aws-cn-global`, are left out: no host has one.
fn partition_of(region: &[u8]) -> Partition {
    let parts: Vec<&[u8]> = region.split(|byte| *byte == b'-').collect();
    let Some((number, words)) = parts.split_last() else { return Partition::Aws };
    let is_word = |word: &&[u8]| {
        !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    if number.is_empty() || !number.iter().all(u8::is_ascii_digit) || !words.iter().all(is_word) {
        return Partition::Aws;
    }
    match words {
        [b"cn", _] => Partition::AwsCn,
        [b"us", b"gov", _] => Partition::AwsUsGov,
        [b"eusc", b"de", _] => Partition::AwsEusc,
        [b"us", b"iso", _] => Partition::AwsIso,
        [b"us", b"isob", _] => Partition::AwsIsoB,
        [b"eu", b"isoe", _] => Partition::AwsIsoE,
        [b"us", b"isof", _] => Partition::AwsIsoF,
        _ => Partition::Aws,
    }
}

/// `GetSTSPartitionDomain`, and `dnsSuffix` of `partitions.json`.
fn standard_domain(partition: Partition) -> &'static str {
    match partition {
        Partition::Aws | Partition::AwsUsGov => "amazonaws.com",
        Partition::AwsCn => "amazonaws.com.cn",
        Partition::AwsEusc => "amazonaws.eu",
        Partition::AwsIso => "c2s.ic.gov",
        Partition::AwsIsoB => "sc2s.sgov.gov",
        Partition::AwsIsoE => "cloud.adc-e.uk",
        Partition::AwsIsoF => "csp.hci.ic.gov",
        _ => unreachable!("a partition that this reading does not know"),
    }
}

/// `GetSTSDualStackPartitionDomain`: the iso partitions have none.
fn server_dual_stack_domain(partition: Partition) -> Option<&'static str> {
    match partition {
        Partition::Aws | Partition::AwsUsGov => Some("api.aws"),
        Partition::AwsCn => Some("api.amazonwebservices.com.cn"),
        Partition::AwsEusc => Some("api.amazonwebservices.eu"),
        _ => None,
    }
}

/// `dualStackDnsSuffix` of `partitions.json`.
fn sdk_dual_stack_domain(partition: Partition) -> &'static str {
    match partition {
        Partition::AwsIso => "api.aws.ic.gov",
        Partition::AwsIsoB => "api.aws.scloud",
        Partition::AwsIsoE => "api.cloud-aws.adc-e.uk",
        Partition::AwsIsoF => "api.aws.hci.ic.gov",
        _ => server_dual_stack_domain(partition).expect("only the iso partitions have none"),
    }
}
