//! Stops the person's timer and logs what ran: counted from start to stop, on the day it was started.

use entity::{ids::TimeEntryId, retainers::timer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::log_hours::{LogHours, log_hours};
use crate::{
    platform::{Error, Refusal, Result, Work},
    retainers::{HoursLogger, meter, minutes, queries},
    tenancy,
};

pub async fn stop_timer(work: &mut Work, logger: &HoursLogger, description: &str) -> Result<TimeEntryId> {
    let row = queries::timer_row(work.read(), logger.caller.account).await?.ok_or_else(none_running)?;
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(Error::NotFound)?;
    let milliseconds = work.now().since(row.started_at).max(0);
    let ran = (milliseconds + 59_999) / entity::Moment::MINUTE;
    if ran > minutes::ENTRY_LIMIT {
        return Err(Refusal::new(
            "timer_forgotten",
            "Your timer has run for more than a day.",
            "Discard it, and log by hand the time you worked.",
        )
        .into());
    }
    timer::Entity::delete_many().filter(timer::Column::Id.eq(row.id)).exec(work.write()).await?;
    let input = LogHours {
        retainer: row.retainer_id,
        matter: row.matter_id,
        worked_on: meter::day_in(&tenant.zone, row.started_at),
        minutes: ran.max(1),
        description: description.to_owned(),
    };
    log_hours(work, logger, input).await
}

pub fn none_running() -> Error {
    Refusal::new("no_timer", "No timer of yours is running.", "Start one on a retainer or a matter.").into()
}
