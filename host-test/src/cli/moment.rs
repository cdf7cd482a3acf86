//! Times for people.

use eks_token_host::SigningTime;

/// RFC 3339 in UTC; beyond the year 9999 the seconds themselves.
pub(crate) fn rfc3339(unix_seconds: u64) -> String {
    match SigningTime::from_unix_seconds(unix_seconds) {
        Ok(time) => time.rfc3339().as_str().to_owned(),
        Err(_) => unix_seconds.to_string(),
    }
}

/// How long ago, or in how long: two units of it.
pub(crate) fn relative(unix_seconds: u64, now: u64) -> String {
    match unix_seconds.abs_diff(now) {
        0 => "now".to_owned(),
        distance if unix_seconds < now => format!("{} ago", duration(distance)),
        distance => format!("in {}", duration(distance)),
    }
}

fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, name) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {name}{plural}"));
        }
        if parts.len() == 2 {
            break;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_far() {
        assert_eq!(relative(100, 100), "now");
        assert_eq!(relative(99, 100), "1 second ago");
        assert_eq!(relative(1_000, 100), "in 15 minutes");
        assert_eq!(relative(0, 90_061), "1 day 1 hour ago");
        assert_eq!(rfc3339(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(rfc3339(u64::MAX), u64::MAX.to_string());
    }
}
