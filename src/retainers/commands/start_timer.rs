//! Starts the person's timer. It is a row: a restart does not stop it. One a person, held by a unique index.

use entity::{
    ids::{MatterId, RetainerId},
    retainers::{retainer, timer},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    retainers::{HoursLogger, queries, terms},
};

pub async fn start_timer(work: &mut Work, logger: &HoursLogger, retainer: RetainerId, matter: Option<MatterId>) -> Result<()> {
    let row = retainer::Entity::within(work.read().reach())
        .filter(retainer::Column::Id.eq(retainer))
        .filter(retainer::Column::TenantId.eq(logger.tenant))
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    terms::takes_hours(row.status)?;
    if queries::timer_row(work.read(), logger.caller.account).await?.is_some() {
        return Err(
            Refusal::new("timer_running", "Your timer is running already.", "Stop or discard it, then start a new one.").into()
        );
    }
    timer::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(row.tenant_id),
        account_id: Set(logger.caller.account),
        retainer_id: Set(row.id),
        matter_id: Set(matter),
        started_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("timer.started", format!("retainer:{}", row.id)).tenant(row.tenant_id);
    audit::record(work, line).await
}
