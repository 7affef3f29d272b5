//! Corrects an entry until it is settled.

use entity::retainers::time_entry;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{
    log_hours::{LogHours, check},
    warn::{locked, warn},
};
use crate::{
    audit,
    platform::{Refusal, Result, Work},
    retainers::{HoursLogger, access::EntryOwner, crypt, meter, minutes},
};

/// Settled entries stand.
pub fn refuse_settled(entry: &time_entry::Model) -> Result<()> {
    match entry.settled_at {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "entry_settled",
            "This time has been settled and stands as it is.",
            "Log a new entry for what is missing.",
        )
        .into()),
    }
}

pub async fn edit_hours(work: &mut Work, owner: &EntryOwner, input: LogHours) -> Result<()> {
    let entry = owner.now(work).await?;
    refuse_settled(&entry)?;
    let row = locked(work, entry.retainer_id).await?;
    let logger = HoursLogger::of_timer(std::sync::Arc::clone(&owner.caller), entry.tenant_id)?;
    // A matter that was on the entry may stay, also behind a wall that came later.
    let checked = LogHours { matter: input.matter.filter(|matter| Some(*matter) != entry.matter_id), ..input.clone() };
    let description = check(work, &logger, &row, &checked).await?;
    let counted = minutes::in_steps(input.minutes);
    let id = entry.id;
    let before = entry.minutes;
    let (tenant, written_off) = (entry.tenant_id, entry.written_off);
    let mut entry = entry.into_active_model();
    entry.worked_on = Set(meter::iso(input.worked_on));
    entry.minutes = Set(counted);
    entry.matter_id = Set(input.matter);
    entry.description = Set(crypt::seal(work.platform(), id, &description));
    entry.updated_at = Set(work.now());
    entry.update(work.write()).await?;
    let line = audit::Line::new("hours.edited", format!("time_entry:{id}"))
        .tenant(tenant)
        .with("minutes_before", before)
        .with("minutes", counted)
        .with("worked_on", meter::iso(input.worked_on));
    audit::record(work, line).await?;
    if written_off { Ok(()) } else { warn(work, &row, input.worked_on).await }
}
