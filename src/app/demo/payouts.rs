//! The months of the story's retainer that ended: billed by the billing day's own command; what Stripe would have shown is
//! written down without Stripe. The first was paid; the next one's card was declined.

use entity::{
    Moment, Unwalled,
    ids::{RetainerId, SettlementId},
    payments::{MethodKind, Movement, PayoutStatus, Step, Turn, happening, payee, payer, reconciliation, settlement},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set};

use super::stage::Stage;
use crate::{
    audit,
    payments::{Book, Posting, post},
    platform::{Actor, Job, Result, Work},
    retainers::jobs::BillRetainer,
};

const REACH: entity::Reach = entity::Reach::Everything("the demo's payouts");

/// Then the real thing goes its own way.
fn has_stripe(stage: &Stage<'_>) -> bool {
    stage.platform.config.stripe_secret_key.is_some()
}

/// Ada's account and Harbor's card, as they would be after Stripe's own pages.
pub async fn set_up(stage: &Stage<'_>) -> Result<()> {
    if has_stripe(stage) {
        return Ok(());
    }
    let mut work = stage.platform.work(Actor::program("command demo"), REACH).await?;
    let now = work.now();
    payee::ActiveModel {
        account_id: Set(stage.account("ada")),
        stripe_account: Set(Some("acct_demo_ada".to_owned())),
        submitted: Set(true),
        transfers: Set(true),
        payouts: Set(true),
        due: Set("[]".to_owned()),
        disabled_reason: Set(String::new()),
        bank: Set("Lakeshore Bank •••• 6789".to_owned()),
        bank_failed: Set(false),
        seen_at: Set(now),
        created_at: Set(now),
    }
    .insert(work.write())
    .await?;
    payer::ActiveModel {
        tenant_id: Set(stage.cast.harbor),
        customer: Set(Some("cus_demo_harbor".to_owned())),
        method: Set(Some("pm_demo_harbor".to_owned())),
        method_kind: Set(Some(MethodKind::Card)),
        method_words: Set("Visa •••• 4242".to_owned()),
        expires: Set("2031-08".to_owned()),
        session: Set(None),
        changed_at: Set(now),
        created_at: Set(now),
    }
    .insert(work.write())
    .await?;
    audit::record(&mut work, audit::Line::new("payment_method.changed", format!("tenant:{}", stage.cast.harbor))).await?;
    work.commit().await
}

/// Bills what has ended by now, and lets Stripe have its say about it; the settlement billed last.
pub async fn go_on(stage: &Stage<'_>, retainer: RetainerId) -> Result<Option<SettlementId>> {
    BillRetainer { tenant: stage.cast.harbor, retainer }.run(stage.platform, 1).await?;
    let mut work = stage.platform.work(Actor::program("settlement schedule"), REACH).await?;
    let rows = settlement::Entity::within(work.read().reach())
        .filter(settlement::Column::Agreement.eq(format!("retainer:{retainer}")))
        .order_by_asc(settlement::Column::PeriodFirst)
        .all(work.read())
        .await?;
    let last = rows.last().map(|row| row.id);
    for (at, row) in rows.into_iter().enumerate() {
        if !has_stripe(stage) && matches!(row.step, Step::Scheduled | Step::Approval) && row.attempt == 0 {
            if at == 0 { paid(&mut work, row).await? } else { declined(&mut work, row).await? }
        }
    }
    work.counts_as_audited("the story's own line stands with each movement");
    work.commit().await?;
    Ok(last)
}

async fn paid(work: &mut Work, row: settlement::Model) -> Result<()> {
    let now = work.now();
    note(work, &row, "Charge asked for, attempt 1", "").await?;
    for (movement, reference, words) in
        [(Movement::Charged, "ch_demo_1", "Charged"), (Movement::Transferred, "tr_demo_1", "Transferred to the attorney")]
    {
        moved(work, &row, movement, reference).await?;
        note(work, &row, words, reference).await?;
    }
    note(work, &row, "The payout has reached the bank", "po_demo_1").await?;
    let fee = (row.amount * 29 + 500) / 1_000 + 30;
    let mut change = row.into_active_model();
    change.step = Set(Step::Paid);
    change.status = Set(PayoutStatus::Paid);
    (change.cause, change.turn, change.attempt, change.next_at) = (Set(String::new()), Set(Turn::Nobody), Set(1), Set(None));
    change.intent = Set(Some("pi_demo_1".to_owned()));
    change.charge = Set(Some("ch_demo_1".to_owned()));
    change.transfer = Set(Some("tr_demo_1".to_owned()));
    change.payout = Set(Some("po_demo_1".to_owned()));
    (change.arrives_at, change.paid_at) = (Set(Some(now)), Set(Some(now)));
    (change.fee, change.updated_at) = (Set(fee), Set(now));
    change.update(work.write()).await?;
    Ok(())
}

async fn declined(work: &mut Work, row: settlement::Model) -> Result<()> {
    let now = work.now();
    let words = crate::payments::Cause::word("insufficient_funds").words();
    note(work, &row, "Charge asked for, attempt 1", "").await?;
    note(work, &row, words, "").await?;
    let mut change = row.into_active_model();
    (change.step, change.status) = (Set(Step::Scheduled), Set(PayoutStatus::Retrying));
    change.cause = Set("insufficient_funds".to_owned());
    (change.turn, change.attempt) = (Set(Turn::Msp), Set(1));
    change.next_at = Set(Some(now.plus(3 * Moment::DAY)));
    change.updated_at = Set(now);
    change.update(work.write()).await?;
    Ok(())
}

async fn moved(work: &mut Work, row: &settlement::Model, movement: Movement, reference: &str) -> Result<()> {
    let posting = Posting {
        tenant: row.tenant_id,
        book: Book::Agreement(row.agreement.clone()),
        movement,
        amount: row.amount,
        currency: row.currency.clone(),
        source: format!("settlement:{}", row.id),
        reference: reference.to_owned(),
    };
    post(work, posting).await?;
    Ok(())
}

async fn note(work: &mut Work, row: &settlement::Model, words: &str, reference: &str) -> Result<()> {
    let before = happening::Entity::within(work.read().reach())
        .filter(happening::Column::SettlementId.eq(row.id))
        .count(work.read())
        .await?;
    happening::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(row.tenant_id),
        settlement_id: Set(row.id),
        number: Set(i32::try_from(before).unwrap_or(i32::MAX).saturating_add(1)),
        at: Set(work.now()),
        actor_name: Set("settlement schedule".to_owned()),
        words: Set(words.to_owned()),
        reference: Set(reference.to_owned()),
    }
    .insert(work.write())
    .await?;
    Ok(())
}

/// Last night's comparison, for the operator's page.
pub async fn compared(stage: &Stage<'_>) -> Result<()> {
    let mut work = stage.platform.work(Actor::program("nightly reconciliation"), REACH).await?;
    if reconciliation::Entity::rows().count(work.read()).await? == 0 {
        reconciliation::ActiveModel {
            id: Set(work.id()),
            at: Set(work.now()),
            by: Set("nightly".to_owned()),
            settlements: Set(2),
            objects: Set(2),
            differences: Set("[]".to_owned()),
        }
        .insert(work.write())
        .await?;
    }
    work.counts_as_audited("a comparison is its own log");
    work.commit().await
}
