//! The noun: what an announcement must be, and what may be done with it in each state. No database, no web.

use entity::{Moment, announcements::AnnouncementStatus, ids::CompanyId};
use time::{Duration, PrimitiveDateTime, macros::format_description};
use time_tz::{OffsetDateTimeExt, PrimitiveDateTimeExt, timezones};

use crate::platform::{FieldErrors, Refusal};

const TITLE_LIMIT: usize = 200;
const BODY_LIMIT: usize = 20_000;

/// What shall become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nobody sees it yet.
    Draft,
    Now,
    At(Moment),
}

#[derive(Clone, Debug)]
pub struct SaveAnnouncement {
    pub title: String,
    pub body: String,
    /// None: all clients, also those that come later.
    pub companies: Option<Vec<CompanyId>>,
    pub by_mail: bool,
    pub when: When,
}

impl SaveAnnouncement {
    pub fn check(&self, now: Moment, errors: &mut FieldErrors) {
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > TITLE_LIMIT {
            errors.add("title", format!("Give it a title of at most {TITLE_LIMIT} characters."));
        }
        let body = self.body.trim();
        if body.is_empty() && self.when != When::Draft {
            errors.add("body", "Write what your clients shall read.");
        }
        if body.chars().count() > BODY_LIMIT {
            errors.add("body", "At most 20,000 characters.");
        }
        if self.companies.as_ref().is_some_and(Vec::is_empty) && self.when != When::Draft {
            errors.add("companies", "Choose at least one client, or all of them.");
        }
        if let When::At(at) = self.when {
            if at <= now {
                errors.add("publish_at", "Choose a time to come, or publish it now.");
            } else if at.since(now) > 366 * Moment::DAY {
                errors.add("publish_at", "Choose a time within a year.");
            }
        }
    }
}

/// Which of its parts may still be changed.
pub fn may_move(status: AnnouncementStatus) -> Result<(), Refusal> {
    match status {
        AnnouncementStatus::Draft | AnnouncementStatus::Scheduled | AnnouncementStatus::Withdrawn => Ok(()),
        AnnouncementStatus::Published => Err(Refusal::new(
            "already_published",
            "It is published: clients have seen it, so whom it is for and when it came stay as they are.",
            "Mend its words, or withdraw it and write another.",
        )),
    }
}

pub fn may_withdraw(status: AnnouncementStatus) -> Result<(), Refusal> {
    match status {
        AnnouncementStatus::Published | AnnouncementStatus::Scheduled => Ok(()),
        AnnouncementStatus::Draft | AnnouncementStatus::Withdrawn => {
            Err(Refusal::new("not_published", "Clients do not see it.", "Nothing is to be withdrawn; reload the page."))
        }
    }
}

pub fn may_delete(status: AnnouncementStatus) -> Result<(), Refusal> {
    match status {
        AnnouncementStatus::Draft => Ok(()),
        _ => Err(Refusal::new(
            "not_a_draft",
            "Only a draft can be deleted: what clients have seen, or were to see, stays on record.",
            "Withdraw it instead.",
        )),
    }
}

/// `2026-03-05T09:30` as the clock in that zone shows it; where the clocks leap over it, an hour later.
pub fn moment_in(zone: &str, text: &str) -> Option<Moment> {
    let minutes = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let text = text.trim();
    let local = PrimitiveDateTime::parse(text.get(..16).unwrap_or(text), minutes).ok()?;
    let Some(zone) = timezones::get_by_name(zone) else { return Some(Moment::from_datetime(local.assume_utc())) };
    let at = local.assume_timezone(zone).take_first().or_else(|| (local + Duration::hours(1)).assume_timezone(zone).take_first());
    at.map(Moment::from_datetime)
}

/// The moment as a `datetime-local` field in that zone takes it.
pub fn local_in(zone: &str, at: Moment) -> String {
    let at = at.datetime();
    let at = timezones::get_by_name(zone).map_or(at, |zone| at.to_timezone(zone));
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", at.year(), u8::from(at.month()), at.day(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_the_clock_on_the_msps_wall_shows_it() {
        let at = moment_in("America/Chicago", "2026-03-05T09:30").expect("a time");
        assert_eq!(at.rfc3339(), "2026-03-05T15:30:00Z");
        assert_eq!(local_in("America/Chicago", at), "2026-03-05T09:30");
        // In summer it is an hour earlier in UTC; what the clocks leap over comes an hour later.
        assert_eq!(moment_in("America/Chicago", "2026-07-05T09:30").expect("a time").rfc3339(), "2026-07-05T14:30:00Z");
        assert_eq!(moment_in("America/Chicago", "2026-03-08T02:30").expect("a time").rfc3339(), "2026-03-08T08:30:00Z");
        for wrong in ["", "tomorrow", "2026-02-30T10:00", "2026-03-05"] {
            assert_eq!(moment_in("America/Chicago", wrong), None, "{wrong}");
        }
    }
}
