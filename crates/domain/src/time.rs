//! Moments and spans: integer microseconds in UTC, as every table stores them.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The moment `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch, as stored.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The first moment of the UTC day this moment lies in. Quotas count by it.
    pub const fn day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY_MICROS))
    }

    /// The first moment of the next UTC day.
    pub const fn next_day(self) -> Self {
        Self(self.day().0 + DAY_MICROS)
    }

    /// Midnight in UTC at the beginning of a date such as `2026-12-01`.
    pub fn of_date(date: &str) -> Result<Self, BadTime> {
        let day: jiff::civil::Date = date.parse().map_err(|_| BadTime)?;
        // The parser forgives what stands behind a date; a date is no moment.
        if day.to_string() != date {
            return Err(BadTime);
        }
        let midnight = jiff::tz::TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        midnight.map(|stamp| Self(stamp.as_microsecond())).map_err(|_| BadTime)
    }

    /// The first moment of the hour this moment lies in.
    pub const fn hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(HOUR_MICROS))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// For people, with the zone: `Tuesday, 1 December 2026, 10:40 UTC`.
    pub fn in_words(self) -> String {
        self.civil().strftime("%A, %-d %B %Y, %H:%M UTC").to_string()
    }

    /// The calendar's view of this moment, in UTC.
    pub fn civil(self) -> jiff::civil::DateTime {
        jiff::tz::TimeZone::UTC.to_datetime(self.timestamp())
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

const HOUR_MICROS: i64 = 60 * 60 * 1_000_000;
const DAY_MICROS: i64 = 24 * HOUR_MICROS;

/// A number of whole days.
pub const fn days(days: u32) -> Duration {
    Duration::from_secs(days as u64 * 24 * 60 * 60)
}

impl Add<Duration> for Time {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC, whole seconds where the moment is one.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A text that is no moment, or no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time as in RFC 3339")]
pub struct BadTime;

/// From RFC 3339, in any zone.
impl FromStr for Time {
    type Err = BadTime;
    fn from_str(text: &str) -> Result<Self, BadTime> {
        text.parse::<jiff::Timestamp>().map(|stamp| Self(stamp.as_microsecond())).map_err(|_| BadTime)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_rfc_3339_and_in_words() {
        let moment = Time::from_micros(1_796_121_600_000_000);
        assert_eq!(moment.to_string(), "2026-12-01T10:40:00Z");
        assert_eq!(moment.in_words(), "Tuesday, 1 December 2026, 10:40 UTC");
    }

    #[test]
    fn a_date_is_its_midnight_and_nothing_else() {
        assert_eq!(Time::of_date("2026-12-01").unwrap().to_string(), "2026-12-01T00:00:00Z");
        for bad in ["2026-12-01T10:40:00Z", "2026-02-30", "1.12.2026", ""] {
            assert_eq!(Time::of_date(bad), Err(BadTime), "{bad}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        let moment = Time::from_micros(1_796_121_600_000_000);
        assert_eq!(moment.day().to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(moment.next_day().to_string(), "2026-12-02T00:00:00Z");
        assert_eq!(moment.next_day().since(moment), Duration::from_mins(13 * 60 + 20));
    }
}
