//! Times as RFC 3339 writes them, section 5.6.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// Unix seconds, a fraction cut off. `None` for what is no such time, or before 1970.
pub(super) fn parse(text: &str) -> Option<u64> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let (year, month, day) = three(date, '-')?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let clock = match clock.split_once('.') {
        Some((clock, fraction)) if is_digits(fraction) => clock,
        Some(_) => return None,
        None => clock,
    };
    let (hour, minute, second) = three(clock, ':')?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, day.try_into().ok()?).ok()?;
    // A leap second is the last one of its minute here.
    let second = second.min(59);
    let time =
        Time::from_hms(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?);
    let instant = PrimitiveDateTime::new(date, time.ok()?).assume_offset(offset(zone)?);
    instant.unix_timestamp().try_into().ok()
}

fn offset(zone: &str) -> Option<UtcOffset> {
    if matches!(zone, "Z" | "z") {
        return Some(UtcOffset::UTC);
    }
    let (sign, digits) = match zone.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = digits.split_once(':')?;
    let of = |text: &str| (text.len() == 2 && is_digits(text)).then(|| text.parse::<i8>().ok())?;
    UtcOffset::from_hms(sign * of(hours)?, sign * of(minutes)?, 0).ok()
}

/// Three numbers with a mark between them.
fn three(text: &str, mark: char) -> Option<(u16, u16, u16)> {
    let mut numbers = text.split(mark).map(|text| is_digits(text).then(|| text.parse().ok())?);
    let three = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(three)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn is_read_in_any_zone() {
        assert_eq!(parse("2023-11-14T22:13:20Z"), Some(1_700_000_000));
        assert_eq!(parse("2023-11-14T22:13:20.987Z"), Some(1_700_000_000));
        assert_eq!(parse("2023-11-14T23:43:20+01:30"), Some(1_700_000_000));
        assert_eq!(parse("2023-11-14T20:13:20-02:00"), Some(1_700_000_000));
        assert_eq!(parse("2024-02-29T00:00:00Z"), Some(1_709_164_800));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-13-14T22:13:20Z",
            "2023-02-29T22:13:20Z",
            "2023-11-14T24:13:20Z",
            "2023-11-14T22:13Z",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20+0100",
            "1969-12-31T23:59:59Z",
            "+023-11-14T22:13:20Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
