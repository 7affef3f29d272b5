//! Looks at an attorney's account at Stripe and writes down what it may do now; what waited for it goes on.

use std::sync::Arc;

use entity::{
    Reach, Unwalled,
    ids::AccountId,
    payments::{Step, payee, settlement},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use crate::{
    audit,
    payments::{events, jobs::Advance, stripe::Stripe},
    platform::{Actor, Platform, Result},
};

pub async fn refresh_payee(platform: &Arc<Platform>, actor: Actor, account: AccountId) -> Result<()> {
    let Some(stripe) = Stripe::of(platform) else { return Ok(()) };
    let reach = || Reach::Everything("an attorney's own account belongs to no tenant");
    let tx = platform.read(reach()).await?;
    let row = payee::Entity::rows().filter(payee::Column::AccountId.eq(account)).one(&tx).await?;
    drop(tx);
    let Some(name) = row.and_then(|row| row.stripe_account) else { return Ok(()) };
    let seen = stripe.account(&name).await?;

    let mut work = platform.work(actor, reach()).await?;
    let row = payee::Entity::rows().filter(payee::Column::AccountId.eq(account)).one(work.read()).await?;
    let Some(before) = row else { return Ok(()) };
    let mut after = before.clone();
    after.submitted = seen.submitted;
    after.transfers = seen.transfers;
    after.payouts = seen.payouts;
    after.due = serde_json::to_string(&seen.due)?;
    after.disabled_reason = seen.disabled_reason;
    after.bank = seen.bank;
    after.bank_failed = seen.bank_failed;
    let changed = after != before;
    after.seen_at = work.now();
    let mut model = after.clone().into_active_model();
    for column in [
        payee::Column::Submitted,
        payee::Column::Transfers,
        payee::Column::Payouts,
        payee::Column::Due,
        payee::Column::DisabledReason,
        payee::Column::Bank,
        payee::Column::BankFailed,
        payee::Column::SeenAt,
    ] {
        model.reset(column);
    }
    model.account_id = Set(account);
    model.update(work.write()).await?;
    if !changed {
        work.counts_as_audited("nothing but the time of looking");
        return work.commit().await;
    }
    let line = audit::Line::new("payout_account.changed", format!("account:{account}"))
        .with("transfers", after.transfers)
        .with("payouts", after.payouts)
        .with("bank", after.bank.clone())
        .with("disabled_reason", after.disabled_reason.clone());
    audit::record(&mut work, line).await?;
    if (before.transfers && !after.transfers) || (before.payouts && !after.payouts) {
        work.tell(&events::PayoutAccountRestricted { account })?;
    }
    if !before.bank.is_empty() && before.bank != after.bank {
        work.tell(&events::PayoutBankChanged { account, bank: after.bank.clone() })?;
    }
    let waiting = settlement::Entity::within(work.read().reach())
        .filter(settlement::Column::PayeeId.eq(account))
        .filter(settlement::Column::Step.is_in([Step::Scheduled, Step::Transferring, Step::PayingOut, Step::Reversing]))
        .all(work.read())
        .await?;
    let now = work.now();
    for row in waiting {
        // A retry keeps its moment; what waits for this account goes on at once.
        let due = if row.step == Step::Scheduled && row.attempt > 0 && row.turn != entity::payments::Turn::Attorney {
            continue;
        } else {
            super::advance::hurry(&mut work, row, now).await?
        };
        if let Some(settlement) = due {
            work.enqueue(&Advance { settlement, due: None }).await?;
        }
    }
    work.commit().await
}
