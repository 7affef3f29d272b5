//! Takes an entry out of the meter, or back into it; it stays in the log either way.

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{
    edit_hours::refuse_settled,
    warn::{locked, warn},
};
use crate::{
    audit,
    platform::{Result, Work},
    retainers::{access::EntryOwner, meter},
};

pub async fn write_off(work: &mut Work, owner: &EntryOwner, off: bool) -> Result<()> {
    let entry = owner.now(work).await?;
    refuse_settled(&entry)?;
    if entry.written_off == off {
        work.counts_as_audited("nothing changes");
        return Ok(());
    }
    let row = locked(work, entry.retainer_id).await?;
    let day = meter::day(&entry.worked_on);
    let (id, tenant, minutes) = (entry.id, entry.tenant_id, entry.minutes);
    let mut entry = entry.into_active_model();
    entry.written_off = Set(off);
    entry.updated_at = Set(work.now());
    entry.update(work.write()).await?;
    let action = if off { "hours.written_off" } else { "hours.restored" };
    audit::record(work, audit::Line::new(action, format!("time_entry:{id}")).tenant(tenant).with("minutes", minutes)).await?;
    match (off, day) {
        (false, Some(day)) => warn(work, &row, day).await,
        _ => Ok(()),
    }
}
