//! The attorney lets an amount go that was not paid.

use entity::payments::{Movement, Step, Turn};

use super::{advance::put, changed_meanwhile, note, post};
use crate::{
    audit,
    payments::{Book, Posting, access::PayoutPayee, cause::Cause, settlement::State},
    platform::{Refusal, Result, Work, money},
};

pub async fn waive(work: &mut Work, payee: &PayoutPayee) -> Result<()> {
    let mut row = payee.now(work).await?;
    if !matches!(row.step, Step::Failed | Step::Scheduled | Step::Approval) {
        return Err(Refusal::new(
            "cannot_waive",
            "Money of this payout is already moving.",
            "Wait for its end; what was paid can be refunded at Stripe.",
        )
        .into());
    }
    let state = State { step: Step::Waived, cause: Cause::word("waived"), turn: Turn::Nobody, next_at: None, ..State::of(&row) };
    if !put(work, &mut row, &state).await? {
        return Err(changed_meanwhile());
    }
    let posting = Posting {
        tenant: row.tenant_id,
        book: Book::Agreement(row.agreement.clone()),
        movement: Movement::Waived,
        amount: row.amount,
        currency: row.currency.clone(),
        source: format!("settlement:{}", row.id),
        reference: String::new(),
    };
    post(work, posting).await?;
    let words = format!("{} waived {}", work.actor().name, money::words(row.amount, &row.currency));
    note(work, &row, &words, "").await?;
    let line = audit::Line::new("settlement.waived", format!("settlement:{}", row.id)).tenant(row.tenant_id);
    audit::record(work, line.with("amount", row.amount).with("currency", row.currency.clone())).await
}
