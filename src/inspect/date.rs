//! Go's `time.Parse("20060102T150405Z", …)`.

use ::time::{Date, Month};

/// Unix seconds of `YYYYMMDDTHHMMSSZ`, negative before 1970. As in Go, digits may follow the
/// seconds behind a period or a comma; they are dropped. The year 0 is a year.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let (date, time) = text.split_at_checked(8)?;
    let [b'T', time @ ..] = time else { return None };
    let (time, rest) = time.split_at_checked(6)?;
    if without_fraction(rest) != b"Z" {
        return None;
    }
    let (year, month_and_day) = (number(date.get(..4)?)?, number(date.get(4..)?)?);
    let month = u8::try_from(month_and_day / 100).ok()?;
    let day = u8::try_from(month_and_day % 100).ok()?;
    let date =
        Date::from_calendar_date(i32::try_from(year).ok()?, Month::try_from(month).ok()?, day)
            .ok()?;
    let time = number(time)?;
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    Some(date.midnight().assume_utc().unix_timestamp() + seconds)
}

fn number(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// A separator counts only with a digit behind it.
fn without_fraction(rest: &[u8]) -> &[u8] {
    match rest {
        [b'.' | b',', first, ..] if first.is_ascii_digit() => {
            let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            rest.get(1 + digits..).unwrap_or_default()
        }
        _ => rest,
    }
}
