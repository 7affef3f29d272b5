//! A deadline is a day of the tenant's: signing is on time until that day ends there. The moment kept is the day's end.

use entity::Moment;
use time::Date;
use time_tz::{OffsetDateTimeExt, OffsetResult, PrimitiveDateTimeExt, timezones};

/// The end of that day in a zone (IANA name); UTC's where the zone is unknown.
pub fn end_of_day(day: Date, zone: &str) -> Option<Moment> {
    let midnight = day.next_day()?.midnight();
    let at = match timezones::get_by_name(zone).map(|zone| midnight.assume_timezone(zone)) {
        Some(OffsetResult::Some(at)) | Some(OffsetResult::Ambiguous(at, _)) => at,
        _ => midnight.assume_utc(),
    };
    Some(Moment::from_datetime(at))
}

/// `5 Dec 2026`: the last day on which it is on time. The end of a day is already the next day's first moment.
pub fn last_day_words(deadline: Moment, zone: &str) -> String {
    let last = deadline.plus(-1);
    let day = timezones::get_by_name(zone).map_or_else(|| last.date(), |zone| last.datetime().to_timezone(zone).date());
    Moment::of_day(day).day_words()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_named_by_the_day_that_was_chosen_in_every_zone() {
        let day = time::macros::date!(2026 - 12 - 05);
        for zone in ["America/Chicago", "Europe/Berlin", "Asia/Tokyo", "UTC", "Nowhere/Land"] {
            let end = end_of_day(day, zone);
            assert_eq!(end.map(|at| last_day_words(at, zone)).as_deref(), Some("5 Dec 2026"), "{zone}");
        }
        assert_eq!(end_of_day(day, "America/Chicago").map(Moment::rfc3339).as_deref(), Some("2026-12-06T06:00:00Z"));
    }
}
