//! The meter: what of a month's time is used, left, over, and where it is heading. Pure: entries in, figures out.

use entity::Moment;
use time::{Date, Duration, OffsetDateTime};
use time_tz::OffsetDateTimeExt;

/// A month of a retainer: from its billing day to the day before the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    pub first: Date,
    /// Inclusive.
    pub last: Date,
}

impl Month {
    /// The month in which `day` lies, for a billing day of 1 to 28.
    pub fn containing(day: Date, billing_day: i32) -> Self {
        let billing_day = u8::try_from(billing_day).unwrap_or(1).clamp(1, 28);
        let this = on(day, billing_day);
        let first = if day >= this { this } else { on(this - Duration::days(billing_day.into()), billing_day) };
        // 28 days on from the 1st to the 28th is in the next month or on its eve; 31 are surely in it.
        let next = on(first.replace_day(1).unwrap_or(first) + Duration::days(31), billing_day);
        Self { first, last: next - Duration::days(1) }
    }

    pub fn days(self) -> i64 {
        (self.last - self.first).whole_days() + 1
    }

    /// The billing day that ends it.
    pub fn next_billing(self) -> Date {
        self.last + Duration::days(1)
    }

    pub fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

fn on(day: Date, billing_day: u8) -> Date {
    day.replace_day(billing_day).unwrap_or(day)
}

/// Minutes of a month; all of them sums and differences of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    pub month: Month,
    pub included: i64,
    pub used: i64,
    pub left: i64,
    pub over: i64,
    /// Used at the end of the month if it goes on like this.
    pub forecast: i64,
    /// Minor units: what `over` costs.
    pub over_cost: i64,
}

impl Meter {
    /// `entries`: day and minutes of everything that counts (written off does not); days outside the month are left out.
    pub fn read(month: Month, included: i64, rate: i64, starts: Date, today: Date, entries: &[(Date, i64)]) -> Self {
        let used: i64 = entries.iter().filter(|(day, _)| month.contains(*day)).map(|(_, minutes)| minutes).sum();
        let over = (used - included).max(0);
        Self {
            month,
            included,
            used,
            left: (included - used).max(0),
            over,
            forecast: forecast(month, used, starts, today),
            over_cost: cost(over, rate),
        }
    }

    /// Hundredths of the included time, for the bar; 0 to 100.
    pub fn percent(&self) -> i64 {
        match self.included {
            0 => i64::from(self.used > 0) * 100,
            included => (self.used * 100 / included).clamp(0, 100),
        }
    }

    /// How the bar looks.
    pub fn tone(&self) -> &'static str {
        if self.over > 0 {
            "is-bad"
        } else if self.forecast > self.included || self.percent() >= 80 {
            "is-warning"
        } else {
            "is-good"
        }
    }

    pub fn forecast_over(&self) -> i64 {
        (self.forecast - self.included).max(0)
    }
}

/// The pace of the days so far, over the days of the month; rounded up to a step, never less than what is used.
fn forecast(month: Month, used: i64, starts: Date, today: Date) -> i64 {
    let from = month.first.max(starts);
    let past = (today.min(month.last) - from).whole_days() + 1;
    let all = (month.last - from).whole_days() + 1;
    if used == 0 || past <= 0 || all <= 0 || today >= month.last {
        return used;
    }
    super::minutes::in_steps((used * all).div_euclid(past)).max(used)
}

/// Minor units for so many minutes at a rate an hour, half rounded up.
pub fn cost(minutes: i64, rate: i64) -> i64 {
    let exact = i128::from(minutes) * i128::from(rate);
    i64::try_from((exact + 30).div_euclid(60)).unwrap_or(i64::MAX)
}

/// Which day it is there; an unknown zone counts as UTC.
pub fn day_in(zone: &str, now: Moment) -> Date {
    let at: OffsetDateTime = now.datetime();
    match time_tz::timezones::get_by_name(zone) {
        Some(zone) => at.to_timezone(zone).date(),
        None => at.date(),
    }
}

/// The moment a day begins there; where the clocks leap over midnight, the first moment there is.
pub fn start_of(day: Date, zone: &str) -> Moment {
    let midnight = day.midnight();
    let at = time_tz::timezones::get_by_name(zone).map(|zone| time_tz::PrimitiveDateTimeExt::assume_timezone(&midnight, zone));
    match at.and_then(|at| at.take_first()) {
        Some(at) => Moment::from_datetime(at),
        None if time_tz::timezones::get_by_name(zone).is_some() => {
            // The hour after midnight is always there where midnight is not.
            let later = time_tz::timezones::get_by_name(zone).and_then(|zone| {
                time_tz::PrimitiveDateTimeExt::assume_timezone(&(midnight + Duration::hours(1)), zone).take_first()
            });
            later.map_or_else(|| Moment::of_day(day), Moment::from_datetime)
        }
        None => Moment::of_day(day),
    }
}

/// `2026-03-02`
pub fn day(text: &str) -> Option<Date> {
    Date::parse(text, time::macros::format_description!("[year]-[month]-[day]"))
        .ok()
        .filter(|date| (2000..=2200).contains(&date.year()))
}

pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// `2 Mar 2026`
pub fn day_words(date: Date) -> String {
    let month = date.month().to_string();
    format!("{} {} {}", date.day(), month.get(..3).unwrap_or(&month), date.year())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Month as M, macros::date};

    use super::*;

    #[test]
    fn a_month_begins_on_the_billing_day() {
        let month = Month::containing(date!(2026 - 03 - 14), 15);
        assert_eq!((month.first, month.last), (date!(2026 - 02 - 15), date!(2026 - 03 - 14)));
        let month = Month::containing(date!(2026 - 03 - 15), 15);
        assert_eq!((month.first, month.last), (date!(2026 - 03 - 15), date!(2026 - 04 - 14)));
        let month = Month::containing(date!(2026 - 12 - 31), 1);
        assert_eq!((month.first, month.last), (date!(2026 - 12 - 01), date!(2026 - 12 - 31)));
    }

    #[test]
    fn the_day_is_the_tenants() {
        // 1 March, 03:00 UTC is still February in Chicago.
        let now = Moment(1_772_334_000_000);
        assert_eq!(day_in("America/Chicago", now), date!(2026 - 02 - 28));
        assert_eq!(day_in("UTC", now), date!(2026 - 03 - 01));
        assert_eq!(day_in("Nowhere/Land", now), date!(2026 - 03 - 01));
    }

    #[test]
    fn over_costs_by_the_minute() {
        assert_eq!(cost(90, 25_000), 37_500);
        assert_eq!(cost(6, 12_345), 1_235);
        assert_eq!(cost(0, 25_000), 0);
    }

    proptest! {
        #[test]
        fn every_day_is_in_its_month_and_months_have_no_gap(days in 0..40_000_i64, billing_day in 1..=28) {
            let day = date!(2000 - 01 - 01) + Duration::days(days);
            let month = Month::containing(day, billing_day);
            prop_assert!(month.contains(day));
            prop_assert_eq!(i32::from(month.first.day()), billing_day);
            prop_assert!((28..=31).contains(&month.days()));
            let next = Month::containing(month.next_billing(), billing_day);
            prop_assert_eq!(next.first, month.last + Duration::days(1));
        }

        #[test]
        fn a_moment_lies_in_its_day_whatever_the_clocks_do(
            minutes in 0..20_000_000_i64,
            zone in prop::sample::select(vec!["America/Chicago", "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata", "UTC"]),
        ) {
            let now = Moment(1_200_000_000_000 + minutes * Moment::MINUTE);
            let day = day_in(zone, now);
            prop_assert!(start_of(day, zone).0 <= now.0, "{day} begins before it in {zone}");
            prop_assert!(now.0 < start_of(day + Duration::days(1), zone).0, "{day} ends after it in {zone}");
        }

        #[test]
        fn the_meter_is_the_sum_of_its_entries(
            entries in proptest::collection::vec((0..60_i64, 1..200_i64), 0..40),
            included in 0..3_000_i64, rate in 0..100_000_i64, today in 0..31_i64,
        ) {
            let month = Month::containing(date!(2026 - 03 - 01), 1);
            let entries: Vec<(Date, i64)> = entries.into_iter()
                .map(|(day, steps)| (Date::from_calendar_date(2026, M::March, 1).unwrap() + Duration::days(day), steps * 6)).collect();
            let today = month.first + Duration::days(today);
            let meter = Meter::read(month, included, rate, month.first, today, &entries);
            let sum: i64 = entries.iter().filter(|(day, _)| day.month() == M::March).map(|(_, m)| m).sum();
            prop_assert_eq!(meter.used, sum);
            prop_assert_eq!(meter.left - meter.over, included - sum);
            prop_assert!(meter.left == 0 || meter.over == 0);
            prop_assert!(meter.forecast >= meter.used);
            prop_assert!((0..=100).contains(&meter.percent()));
            // Whatever the order and however it is cut, the sum is the same.
            let (a, b) = entries.split_at(entries.len() / 2);
            let read = |part: &[(Date, i64)]| Meter::read(month, included, rate, month.first, today, part).used;
            prop_assert_eq!(read(a) + read(b), meter.used);
        }
    }
}
