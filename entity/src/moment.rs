//! A point in time: milliseconds since the Unix epoch, UTC. One integer sorts the same on SQLite and PostgreSQL.

use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    pub const SECOND: i64 = 1_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    pub fn from_datetime(at: OffsetDateTime) -> Self {
        Self((at.unix_timestamp_nanos() / 1_000_000) as i64)
    }

    /// The same moment as a date-time in UTC; moments outside years ±9999 become the epoch.
    pub fn datetime(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The first moment of a day, in UTC: for its words.
    pub fn of_day(day: Date) -> Self {
        Self::from_datetime(day.midnight().assume_utc())
    }

    pub fn date(self) -> Date {
        self.datetime().date()
    }

    /// Later (or, negative, earlier) by so many milliseconds.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this moment.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// `2026-11-21T07:00:00.123Z`
    pub fn rfc3339(self) -> String {
        self.datetime().format(&Rfc3339).unwrap_or_default()
    }

    /// `21 Nov 2026, 07:00 UTC`: what a page shows before script puts it into the reader's zone.
    pub fn words(self) -> String {
        let at = self.datetime();
        let month: &str = &at.month().to_string()[..3];
        format!("{} {} {}, {:02}:{:02} UTC", at.day(), month, at.year(), at.hour(), at.minute())
    }

    /// `21 Nov 2026`
    pub fn day_words(self) -> String {
        let at = self.datetime();
        let month: &str = &at.month().to_string()[..3];
        format!("{} {} {}", at.day(), month, at.year())
    }
}
