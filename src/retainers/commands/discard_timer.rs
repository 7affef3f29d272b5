//! Throws the person's timer away: nothing is logged.

use entity::retainers::timer;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::stop_timer::none_running;
use crate::{
    audit,
    platform::{Result, Work},
    retainers::{HoursLogger, queries},
};

pub async fn discard_timer(work: &mut Work, logger: &HoursLogger) -> Result<()> {
    let row = queries::timer_row(work.read(), logger.caller.account).await?.ok_or_else(none_running)?;
    timer::Entity::delete_many().filter(timer::Column::Id.eq(row.id)).exec(work.write()).await?;
    let line = audit::Line::new("timer.discarded", format!("retainer:{}", row.retainer_id)).tenant(row.tenant_id);
    audit::record(work, line).await
}
