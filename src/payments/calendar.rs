//! The noun: months and years of a zone, as `2026-03` and `2026`. Pure.

use entity::Moment;
use time::{Date, Duration, Month};
use time_tz::{OffsetDateTimeExt, PrimitiveDateTimeExt};

/// A month as statements are made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    first: Date,
}

impl Calendar {
    /// The month in which this moment lies there.
    pub fn at(zone: &str, now: Moment) -> Self {
        let at = now.datetime();
        let day = time_tz::timezones::get_by_name(zone).map_or_else(|| at.date(), |zone| at.to_timezone(zone).date());
        Self { first: day.replace_day(1).unwrap_or(day) }
    }

    /// `2026-03`
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        let first = Date::from_calendar_date(year.parse().ok().filter(|year| (2000..=2200).contains(year))?, month, 1).ok()?;
        Some(Self { first })
    }

    pub fn word(self) -> String {
        format!("{:04}-{:02}", self.first.year(), u8::from(self.first.month()))
    }

    /// `March 2026`
    pub fn words(self) -> String {
        format!("{} {}", self.first.month(), self.first.year())
    }

    pub fn next(self) -> Self {
        let later = self.first + Duration::days(31);
        Self { first: later.replace_day(1).unwrap_or(later) }
    }

    pub fn previous(self) -> Self {
        let earlier = self.first - Duration::DAY;
        Self { first: earlier.replace_day(1).unwrap_or(earlier) }
    }

    pub fn starts(self, zone: &str) -> Moment {
        start_of(self.first, zone)
    }

    /// Of the next month's first moment.
    pub fn ends(self, zone: &str) -> Moment {
        self.next().starts(zone)
    }

    pub fn year(self) -> i32 {
        self.first.year()
    }
}

/// First moment of a year there, and of the next one.
pub fn year(year: i32, zone: &str) -> (Moment, Moment) {
    let first = |year| Date::from_calendar_date(year, Month::January, 1).unwrap_or(Date::MIN);
    (start_of(first(year), zone), start_of(first(year + 1), zone))
}

/// `5 Mar 2026`, as it is there.
pub fn day_words(at: Moment, zone: &str) -> String {
    match time_tz::timezones::get_by_name(zone) {
        Some(zone) => Moment::of_day(at.datetime().to_timezone(zone).date()).day_words(),
        None => at.day_words(),
    }
}

/// `2026-03-05`, as it is there.
pub fn iso(at: Moment, zone: &str) -> String {
    let at = at.datetime();
    let day = time_tz::timezones::get_by_name(zone).map_or_else(|| at.date(), |zone| at.to_timezone(zone).date());
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Where the clocks leap over midnight, the hour after it.
fn start_of(day: Date, zone: &str) -> Moment {
    let Some(zone) = time_tz::timezones::get_by_name(zone) else { return Moment::of_day(day) };
    let midnight = day.midnight();
    let at = midnight.assume_timezone(zone).take_first();
    let at = at.or_else(|| (midnight + Duration::HOUR).assume_timezone(zone).take_first());
    at.map_or_else(|| Moment::of_day(day), Moment::from_datetime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_in_every_zone() {
        for zone in ["America/Chicago", "Europe/Berlin", "America/Sao_Paulo", "UTC", "Nowhere/Land"] {
            let mut month = Calendar::parse("2016-01").expect("a month");
            for _ in 0..150 {
                assert_eq!(month.ends(zone), month.next().starts(zone));
                assert_eq!(Calendar::at(zone, month.starts(zone)), month, "{zone}");
                assert_eq!(Calendar::at(zone, month.ends(zone).plus(-1)), month, "{zone}");
                assert_eq!(month.next().previous(), month);
                month = month.next();
            }
        }
    }

    #[test]
    fn a_month_is_read_as_it_is_written() {
        assert_eq!(Calendar::parse("2026-03").map(Calendar::words).as_deref(), Some("March 2026"));
        for text in ["", "2026", "2026-13", "26-03", "2026-3", "9999-01", "2026-03-01"] {
            assert_eq!(Calendar::parse(text), None, "{text}");
        }
        // 1 March, 03:00 UTC is still February in Chicago.
        assert_eq!(Calendar::at("America/Chicago", Moment(1_772_334_000_000)).word(), "2026-02");
        assert_eq!(iso(Moment(1_772_334_000_000), "America/Chicago"), "2026-02-28");
    }
}
