//! The timer that runs.

use entity::{
    Moment,
    ids::{AccountId, MatterId, RetainerId, TenantId},
    retainers::timer,
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    matters,
    platform::{Count, Result, Tx, web::frame::FrameTimer},
    retainers::{access::may_have_timer, minutes},
    tenancy::Caller,
};

/// A timer that runs.
#[derive(Clone, Debug)]
pub struct RunningTimer {
    pub tenant: TenantId,
    pub retainer: RetainerId,
    pub matter: Option<(MatterId, String)>,
    pub started_at: Moment,
    /// Whole minutes so far.
    pub minutes: i64,
}

impl RunningTimer {
    pub fn words(&self) -> String {
        minutes::words(self.minutes)
    }
}

/// This person's timer, if one runs.
pub async fn timer(tx: &Tx, now: Moment, caller: &Caller) -> Result<Option<RunningTimer>> {
    let Some(row) = timer_row(tx, caller.account).await? else { return Ok(None) };
    let matter = match row.matter_id {
        Some(id) => matters::visible(tx, caller, &[id]).await?.remove(&id).map(|title| (id, title)),
        None => None,
    };
    let minutes = now.since(row.started_at).max(0) / Moment::MINUTE;
    Ok(Some(RunningTimer { tenant: row.tenant_id, retainer: row.retainer_id, matter, started_at: row.started_at, minutes }))
}

/// Whether one runs, to be asked with other numbers; none for people who cannot have one.
pub fn timers(tx: &Tx, caller: &Caller) -> Option<Count> {
    let mine = timer::Entity::within(tx.reach()).filter(timer::Column::AccountId.eq(caller.account));
    may_have_timer(caller).then(|| Count::of(mine))
}

/// The one that runs, for the top bar of every page.
pub async fn header_timer(tx: &Tx, now: Moment, caller: &Caller) -> Result<Option<FrameTimer>> {
    let Some(running) = timer(tx, now, caller).await? else { return Ok(None) };
    let (what, href) = match running.matter {
        Some((id, title)) => (title, format!("/legal/matters/{id}/hours")),
        None if caller.attorney_role(running.tenant) == Some(AttorneyRole::Primary) => {
            ("Retainer".to_owned(), format!("/legal/retainers/{}/hours", running.retainer))
        }
        None => ("Retainer".to_owned(), "/legal/timer".to_owned()),
    };
    let seconds = now.since(running.started_at).max(0) / 1_000;
    Ok(Some(FrameTimer { what, href, started_at: running.started_at, seconds }))
}

pub async fn timer_row(tx: &Tx, account: AccountId) -> Result<Option<timer::Model>> {
    Ok(timer::Entity::within(tx.reach()).filter(timer::Column::AccountId.eq(account)).one(tx).await?)
}
