//! Instants as SigV4 writes them. No clock: every instant is an argument.

use core::fmt;

use ::time::{Date, Month, OffsetDateTime};

use crate::error::{Error, Invalid};

/// 9999-12-31T23:59:59Z, the last instant that a four-digit year can name.
const LAST_SECOND: u64 = 253_402_300_799;

/// The instant of a signature, in whole seconds, from 1970 to the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SigningTime {
    unix_seconds: u64,
    utc: OffsetDateTime,
}

impl SigningTime {
    /// Reads seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Error::SignedAt`] beyond the year 9999.
    pub fn from_unix_seconds(unix_seconds: u64) -> Result<Self, Error> {
        let out_of_range = Error::SignedAt(Invalid::OutOfRange);
        if unix_seconds > LAST_SECOND {
            return Err(out_of_range);
        }
        let seconds = i64::try_from(unix_seconds).map_err(|_| out_of_range)?;
        let utc = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| out_of_range)?;
        Ok(Self { unix_seconds, utc })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.unix_seconds
    }

    /// The UTC day.
    #[must_use]
    pub fn day(self) -> Day {
        Day::of(self.utc.date())
    }

    /// `YYYYMMDDTHHMMSSZ`, as `X-Amz-Date` wants it.
    #[must_use]
    pub fn stamp(self) -> Stamp {
        Stamp(self.write(b"YYYYMMDDTHHMMSSZ", [0, 4, 6, 9, 11, 13]))
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, as Kubernetes wants it (RFC 3339).
    #[must_use]
    pub fn rfc3339(self) -> Stamp<20> {
        Stamp(self.write(b"YYYY-MM-DDTHH:MM:SSZ", [0, 5, 8, 11, 14, 17]))
    }

    /// Fills `pattern` with year, month, day, hour, minute and second at these offsets.
    fn write<const LENGTH: usize>(self, pattern: &[u8; LENGTH], at: [usize; 6]) -> [u8; LENGTH] {
        let mut text = *pattern;
        let (year, month, day) = calendar_date(self.utc.date());
        let (hour, minute, second) = self.utc.to_hms();
        let numbers = [year, month, day, u32::from(hour), u32::from(minute), u32::from(second)];
        for ((at, number), width) in at.into_iter().zip(numbers).zip([4, 2, 2, 2, 2, 2]) {
            if let Some(field) = text.get_mut(at..at + width) {
                write_digits(field, number);
            }
        }
        text
    }
}

/// An instant as text: `YYYYMMDDTHHMMSSZ` in 16 bytes, or RFC 3339 in 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp<const LENGTH: usize = 16>([u8; LENGTH]);

impl<const LENGTH: usize> Stamp<LENGTH> {
    /// The instant as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits and ASCII marks: always text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const LENGTH: usize> fmt::Display for Stamp<LENGTH> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A UTC day: the first part of a credential scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    number: u32,
    digits: [u8; 8],
}

impl Day {
    fn of(date: Date) -> Self {
        let (year, month, day) = calendar_date(date);
        let number = year * 10_000 + month * 100 + day;
        let mut digits = [0; 8];
        write_digits(&mut digits, number);
        Self { number, digits }
    }

    /// The day as the number YYYYMMDD.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// The day as `YYYYMMDD`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits: always text.
        core::str::from_utf8(&self.digits).unwrap_or_default()
    }
}

impl TryFrom<u32> for Day {
    type Error = Error;

    /// Reads the number YYYYMMDD; [`Error::SigningKey`] where no such day is in the calendar.
    fn try_from(number: u32) -> Result<Self, Error> {
        let out_of_range = Error::SigningKey(Invalid::OutOfRange);
        let part = |number: u32| u8::try_from(number % 100).map_err(|_| out_of_range);
        let year = i32::try_from(number / 10_000).map_err(|_| out_of_range)?;
        if !(1970..=9999).contains(&year) {
            return Err(out_of_range);
        }
        let month = Month::try_from(part(number / 100)?).map_err(|_| out_of_range)?;
        let date =
            Date::from_calendar_date(year, month, part(number)?).map_err(|_| out_of_range)?;
        Ok(Self::of(date))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Year, month and day. The year is 1970 to 9999 by construction.
fn calendar_date(date: Date) -> (u32, u32, u32) {
    let (year, month, day) = date.to_calendar_date();
    (u32::try_from(year).unwrap_or_default(), u32::from(u8::from(month)), u32::from(day))
}

/// Fills `field` with the last digits of `number`, zeros in front.
fn write_digits(field: &mut [u8], mut number: u32) {
    for digit in field.iter_mut().rev() {
        // Below ten: the cast loses nothing.
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}
