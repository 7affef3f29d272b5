//! One of two people says yes to a settlement above the limit; with the second it goes on its way (requirement S64).

use entity::{
    payments::{Step, approval},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, sea_query::OnConflict};

use super::{advance::put, changed_meanwhile, note};
use crate::{
    audit,
    payments::{access::PayoutPayer, cause::Cause, jobs::Advance, settlement::State},
    platform::{Error, Refusal, Result, Work},
};

/// People who must have said yes.
pub const NEEDED: u64 = 2;

/// How many are still needed.
pub async fn approve(work: &mut Work, payer: &PayoutPayer) -> Result<u64> {
    let mut row = payer.now(work).await?;
    if row.step != Step::Approval {
        return Err(Refusal::new("nothing_to_approve", "This payout waits for no approval.", "Look at its history.").into());
    }
    let account = work.actor().account.ok_or(Error::SignedOut)?;
    let yes = approval::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(row.tenant_id),
        settlement_id: Set(row.id),
        account_id: Set(account),
        name: Set(work.actor().name.clone()),
        at: Set(work.now()),
    };
    let once = OnConflict::columns([approval::Column::SettlementId, approval::Column::AccountId]).do_nothing().to_owned();
    if approval::Entity::insert(yes).on_conflict(once).exec_without_returning(work.write()).await? == 0 {
        return Err(Refusal::new(
            "approved_already",
            "You have approved this payout; it takes a second person.",
            "Ask another owner or admin, or invite one under Admin → Staff.",
        )
        .into());
    }
    let said =
        approval::Entity::within(work.read().reach()).filter(approval::Column::SettlementId.eq(row.id)).count(work.read()).await?;
    let name = work.actor().name.clone();
    let now = work.now();
    let mut state = State::of(&row);
    if said >= NEEDED {
        state = State {
            step: Step::Scheduled,
            cause: Cause::none(),
            turn: entity::payments::Turn::Nobody,
            next_at: Some(now),
            ..state
        };
        work.enqueue(&Advance { settlement: row.id, due: Some(now) }).await?;
    }
    // Also after the first yes: of two at once, the second sees the other's and not an old count.
    if !put(work, &mut row, &state).await? {
        return Err(changed_meanwhile());
    }
    note(work, &row, &format!("Approved by {name}"), "").await?;
    let line = audit::Line::new("settlement.approved", format!("settlement:{}", row.id))
        .tenant(row.tenant_id)
        .with("amount", row.amount)
        .with("approvals", i64::try_from(said).unwrap_or(i64::MAX));
    audit::record(work, line).await?;
    Ok(NEEDED.saturating_sub(said))
}
