//! `X-Amz-Date`: `YYYYMMDDTHHMMSSZ`.

use time::{Date, Month, Time};

use crate::SigningTime;

/// Reads it as Unix seconds.
pub(super) fn parse(stamp: &str) -> Option<u64> {
    let (day, time_of_day) = stamp.strip_suffix('Z')?.split_once('T')?;
    let [century, year, month, day] = pairs(day)?;
    let [hour, minute, second] = pairs(time_of_day)?;
    let year = i32::from(century) * 100 + i32::from(year);
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    u64::try_from(date.with_time(time).assume_utc().unix_timestamp()).ok()
}

/// Writes Unix seconds; what is beyond the year 9999, where no clock of a sandbox gets, as that.
pub(super) fn format(unix_seconds: u64) -> String {
    SigningTime::from_unix_seconds(unix_seconds)
        .map_or_else(|_| "99991231T235959Z".to_owned(), |time| time.stamp().to_string())
}

/// Exactly this many numbers of two digits each.
fn pairs<const COUNT: usize>(digits: &str) -> Option<[u8; COUNT]> {
    if digits.len() != 2 * COUNT || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut numbers = [0; COUNT];
    for (number, pair) in numbers.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *number = pair.iter().fold(0, |number, digit| number * 10 + (digit - b'0'));
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn stamps_are_read_and_written() {
        for (stamp, seconds) in [
            ("19700101T000000Z", 0),
            ("20231114T221320Z", 1_700_000_000),
            ("20240229T235959Z", 1_709_251_199),
            ("99991231T235959Z", 253_402_300_799),
        ] {
            assert_eq!(parse(stamp), Some(seconds));
            assert_eq!(format(seconds), stamp);
        }
    }

    #[test]
    fn what_is_no_stamp_is_not() {
        for stamp in ["", "20230229T000000Z", "20231114T240000Z", "20231114T221320", "+0231114T2Z"]
        {
            assert_eq!(parse(stamp), None, "{stamp}");
        }
    }
}
