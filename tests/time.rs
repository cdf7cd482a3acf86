//! Instants and days as SigV4 and Kubernetes write them, against a calendar counted by hand.

mod common;

use common::{days_in_month, is_leap, time, unix_seconds};
use eks_token_signer::{Day, Error, Invalid, SigningTime};

const LAST_SECOND: u64 = 253_402_300_799;
const SECONDS_A_DAY: u64 = 86_400;

#[test]
fn known_instants_are_written_as_they_should_be() {
    // Unix seconds, X-Amz-Date, RFC 3339. From `date --utc --date=@SECONDS`.
    let instants = [
        (0, "19700101T000000Z", "1970-01-01T00:00:00Z"),
        (951_782_399, "20000228T235959Z", "2000-02-28T23:59:59Z"),
        (951_782_400, "20000229T000000Z", "2000-02-29T00:00:00Z"),
        (951_868_800, "20000301T000000Z", "2000-03-01T00:00:00Z"),
        (1_440_938_160, "20150830T123600Z", "2015-08-30T12:36:00Z"),
        (1_682_640_000, "20230428T000000Z", "2023-04-28T00:00:00Z"),
        (1_709_164_800, "20240229T000000Z", "2024-02-29T00:00:00Z"),
        (4_107_542_399, "21000228T235959Z", "2100-02-28T23:59:59Z"),
        (4_107_542_400, "21000301T000000Z", "2100-03-01T00:00:00Z"),
        (LAST_SECOND, "99991231T235959Z", "9999-12-31T23:59:59Z"),
    ];
    for (unix_seconds, stamp, rfc3339) in instants {
        let time = time(unix_seconds);
        assert_eq!(time.unix_seconds(), unix_seconds);
        assert_eq!(time.stamp().as_str(), stamp);
        assert_eq!(time.stamp().to_string(), stamp);
        assert_eq!(time.rfc3339().as_str(), rfc3339);
        assert_eq!(time.day().as_str(), &stamp[..8]);
    }
}

/// All 2,932,897 days up to the year 9999 would take long; each day of these years stands for
/// them: the first, the last, and those around each kind of century.
#[test]
fn every_day_of_telling_years_begins_and_ends_where_it_should() {
    let years = [1970, 1972, 1999, 2000, 2001, 2024, 2100, 2400, 4000, 9996, 9999];
    for year in years {
        for month in 1..=12 {
            for day in 1..=days_in_month(year, month) {
                let digits = format!("{year:04}{month:02}{day:02}");
                let first = unix_seconds((year, month, day), (0, 0, 0));
                let last = first + SECONDS_A_DAY - 1;
                assert_eq!(time(first).stamp().to_string(), format!("{digits}T000000Z"));
                assert_eq!(time(last).stamp().to_string(), format!("{digits}T235959Z"));
                assert_eq!(time(first).day(), time(last).day());
                if first > 0 {
                    assert_ne!(time(first - 1).day(), time(first).day(), "{digits}");
                }
                assert_read_back(time(first).day(), &digits);
            }
        }
    }
}

fn assert_read_back(day: Day, digits: &str) {
    let number: u32 = digits.parse().expect("eight digits");
    assert_eq!(day.number(), number);
    assert_eq!(day.to_string(), digits);
    assert_eq!(Day::try_from(number), Ok(day));
}

#[test]
fn every_second_of_a_day_is_written() {
    let midnight = unix_seconds((2024, 2, 29), (0, 0, 0));
    for second in 0..SECONDS_A_DAY {
        let (hour, minute) = (second / 3600, second / 60 % 60);
        let expected = format!("20240229T{hour:02}{minute:02}{:02}Z", second % 60);
        assert_eq!(time(midnight + second).stamp().as_str(), expected);
    }
}

#[test]
fn no_instant_is_beyond_the_year_9999() {
    for unix_seconds in [LAST_SECOND + 1, u64::from(u32::MAX) << 32, 1 << 63, u64::MAX] {
        let refused = SigningTime::from_unix_seconds(unix_seconds);
        assert_eq!(refused, Err(Error::SignedAt(Invalid::OutOfRange)));
    }
}

#[test]
fn no_day_is_outside_the_calendar() {
    let refused = [
        0,
        1,
        u32::MAX,
        19_691_231, // before 1970
        99_991_232,
        100_000_101, // the year 10000
        20_240_001,  // month 0
        20_241_301,  // month 13
        20_240_100,  // day 0
        20_240_132,
        20_240_431, // April has 30 days
        20_230_229, // no leap year
        21_000_229, // no leap year either: a century
    ];
    for number in refused {
        let day = Day::try_from(number);
        assert_eq!(day, Err(Error::SigningKey(Invalid::OutOfRange)), "{number}");
    }
}

#[test]
fn a_leap_day_is_a_day_in_leap_years_alone() {
    for year in 1970..=9999 {
        let number = u32::try_from(year * 10_000 + 229).expect("eight digits");
        assert_eq!(Day::try_from(number).is_ok(), is_leap(year), "{year}");
    }
}
