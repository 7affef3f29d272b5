//! Owner or admin has a failed or waiting charge made now, instead of at its next moment.

use entity::payments::{Step, Turn};

use super::{advance::put, changed_meanwhile, note};
use crate::{
    audit,
    payments::{access::PayoutPayer, cause::Cause, jobs::Advance, settlement::State, stripe::Stripe},
    platform::{Refusal, Result, Work},
};

pub async fn try_again(work: &mut Work, payer: &PayoutPayer) -> Result<()> {
    let mut row = payer.now(work).await?;
    // Without Stripe nobody would ever charge it, and it would no longer stand among what is stuck.
    Stripe::needed(work.platform())?;
    if !matches!(row.step, Step::Failed | Step::Scheduled) {
        return Err(Refusal::new(
            "cannot_charge_now",
            "This payout is not waiting to be charged.",
            "Look at its history: it says what happens next.",
        )
        .into());
    }
    let now = work.now();
    let state = State {
        step: Step::Scheduled,
        cause: Cause::none(),
        turn: Turn::Nobody,
        next_at: Some(now),
        key_at: None,
        intent: None,
        charge: None,
        transfer: None,
        payout: None,
        ..State::of(&row)
    };
    if !put(work, &mut row, &state).await? {
        return Err(changed_meanwhile());
    }
    let name = work.actor().name.clone();
    note(work, &row, &format!("{name} asked for the charge now"), "").await?;
    work.enqueue(&Advance { settlement: row.id, due: Some(now) }).await?;
    let line = audit::Line::new("settlement.tried_again", format!("settlement:{}", row.id)).tenant(row.tenant_id);
    audit::record(work, line.with("amount", row.amount).with("attempt", row.attempt)).await
}
