//! The operator has a settlement looked at now; one that was halted is judged anew.

use entity::{
    ids::SettlementId,
    payments::{Step, Turn, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{advance::put, changed_meanwhile, note};
use crate::{
    audit,
    payments::{cause::Cause, jobs::Advance, settlement::State},
    platform::{Error, Result, Work},
    tenancy::caller::Operator,
};

pub async fn look_again(work: &mut Work, _operator: &Operator, id: SettlementId) -> Result<()> {
    let row = settlement::Entity::within(work.read().reach()).filter(settlement::Column::Id.eq(id)).one(work.read()).await?;
    let mut row = row.ok_or(Error::NotFound)?;
    if row.step == Step::Halted {
        let state = State { step: Step::Charging, cause: Cause::none(), turn: Turn::Nobody, next_at: None, ..State::of(&row) };
        if !put(work, &mut row, &state).await? {
            return Err(changed_meanwhile());
        }
        note(work, &row, "Looked at by the platform's operator", "").await?;
    }
    work.enqueue(&Advance { settlement: row.id, due: None }).await?;
    let line = audit::Line::new("settlement.looked_at", format!("settlement:{}", row.id)).tenant(row.tenant_id);
    audit::record(work, line.with("step", row.step.word())).await
}
