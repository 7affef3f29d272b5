//! Logs time against a retainer, counted in steps of six minutes. What was done is sealed.

use entity::{
    ids::{MatterId, RetainerId, TimeEntryId},
    retainers::{retainer, time_entry},
};
use sea_orm::{ActiveModelTrait, Set};
use time::Date;

use super::{
    step,
    warn::{locked, warn},
};
use crate::{
    audit, matters, payments,
    platform::{Error, FieldErrors, Refusal, Result, Work},
    retainers::{HoursLogger, crypt, events, meter, minutes, terms},
    tenancy,
};

/// Characters what was done may have.
pub const DESCRIPTION_LIMIT: usize = 2_000;

#[derive(Clone, Debug)]
pub struct LogHours {
    pub retainer: RetainerId,
    pub matter: Option<MatterId>,
    pub worked_on: Date,
    /// As worked; counted in whole steps.
    pub minutes: i64,
    pub description: String,
}

pub async fn log_hours(work: &mut Work, logger: &HoursLogger, input: LogHours) -> Result<TimeEntryId> {
    let row = locked(work, input.retainer).await?;
    if row.tenant_id != logger.tenant {
        return Err(Error::NotFound);
    }
    terms::takes_hours(row.status)?;
    let description = check(work, logger, &row, &input).await?;
    let id: TimeEntryId = work.id();
    let minutes = minutes::in_steps(input.minutes);
    let now = work.now();
    time_entry::ActiveModel {
        id: Set(id),
        tenant_id: Set(row.tenant_id),
        retainer_id: Set(row.id),
        matter_id: Set(input.matter),
        attorney_id: Set(logger.caller.account),
        attorney_name: Set(logger.caller.name.clone()),
        worked_on: Set(meter::iso(input.worked_on)),
        minutes: Set(minutes),
        description: Set(crypt::seal(work.platform(), id, &description)),
        written_off: Set(false),
        settled_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("hours.logged", format!("time_entry:{id}"))
        .tenant(row.tenant_id)
        .with("retainer", row.id.to_string())
        .with("matter", input.matter.map(|matter| matter.to_string()))
        .with("worked_on", meter::iso(input.worked_on))
        .with("minutes", minutes);
    audit::record(work, line).await?;
    work.tell(&events::HoursLogged { about: step::about(&row), entry: id, matter: input.matter, minutes })?;
    warn(work, &row, input.worked_on).await?;
    Ok(id)
}

/// The rules of an entry, the same when it is edited; answers the description as it is kept.
pub async fn check(work: &Work, logger: &HoursLogger, row: &retainer::Model, input: &LogHours) -> Result<String> {
    let mut errors = FieldErrors::default();
    if !(1..=minutes::ENTRY_LIMIT).contains(&input.minutes) {
        errors.add("time", "Between a minute and a day, such as 1h20m, 1:20, 1.3 or 80.");
    }
    let description = input.description.trim().to_owned();
    if description.is_empty() {
        errors.add("description", "Say what was done.");
    } else if description.chars().count() > DESCRIPTION_LIMIT {
        errors.add("description", format!("At most {DESCRIPTION_LIMIT} characters."));
    }
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(Error::NotFound)?;
    if input.worked_on > meter::day_in(&tenant.zone, work.now()) {
        errors.add("worked_on", "That day has not come yet.");
    } else if meter::day(&row.starts_on).is_some_and(|first| input.worked_on < first) {
        errors.add("worked_on", "That day lies before the start of the retainer.");
    }
    let agreement = format!("retainer:{}", row.id);
    if payments::settled_until(work.read(), &agreement).await?.is_some_and(|last| meter::iso(input.worked_on) <= last) {
        errors.add("worked_on", "That month has been billed. Log the time on a day of the month that runs.");
    }
    if let Some(matter) = input.matter
        && !matters::visible(work.read(), &logger.caller, &[matter]).await?.contains_key(&matter)
    {
        errors.add("matter", "Choose one of the matters in the list.");
    }
    errors.check()?;
    Ok(description)
}

pub fn no_retainer() -> Error {
    Refusal::new(
        "no_running_retainer",
        "There is no running retainer to charge this time to.",
        "The primary attorney offers one, the MSP's owner or an admin accepts it; then log the time.",
    )
    .into()
}
