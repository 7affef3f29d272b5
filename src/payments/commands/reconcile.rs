//! Compares every charge, transfer and payout with Stripe: first everything that is open is looked at (what a webhook missed is
//! found here), then the books are held against what Stripe lists. Differences are written down, never corrected in silence.

use std::{collections::HashMap, sync::Arc};

use entity::{
    Moment, Reach,
    ids::ReconciliationId,
    payments::{Movement, Step, posting, reconciliation, settlement},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, Set};

use super::advance::advance;
use crate::{
    audit,
    payments::stripe::Stripe,
    platform::{Actor, Platform, Result, money},
};

/// So far back the books are held against Stripe; older months are final.
const WINDOW: i64 = 95 * Moment::DAY;
/// What was posted in the window may have begun at Stripe so much earlier, and the other way round.
const SLACK: i64 = 60 * Moment::DAY;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    pub settlements: usize,
    pub objects: usize,
    pub differences: Vec<String>,
}

/// None where payments are not set up. `by` is `nightly`, `command`, or a person.
pub async fn reconcile(platform: &Arc<Platform>, actor: Actor, by: &str) -> Result<Option<Reconciled>> {
    let Some(stripe) = Stripe::of(platform) else { return Ok(None) };
    let reach = || Reach::Everything("the books of all tenants are held against one account at Stripe");
    let since = platform.clock.now().plus(-WINDOW);
    let tx = platform.read(reach()).await?;
    let rows = settlement::Entity::within(tx.reach())
        .filter(settlement::Column::CreatedAt.gte(since.0))
        .order_by_asc(settlement::Column::CreatedAt)
        .all(&tx)
        .await?;
    drop(tx);
    for row in rows.iter().filter(|row| row.step != Step::Waived) {
        advance(platform, row.id).await?;
    }
    let (intents, transfers) = stripe.moved_since(since.plus(-SLACK)).await?;

    let tx = platform.read(reach()).await?;
    let postings = posting::Entity::within(tx.reach())
        .filter(posting::Column::Movement.is_in([Movement::Charged, Movement::Transferred]))
        .filter(posting::Column::At.gte(since.plus(-2 * SLACK).0))
        .all(&tx)
        .await?;
    drop(tx);
    let mut books: HashMap<(Movement, &str), &posting::Model> =
        postings.iter().map(|row| ((row.movement, row.reference.as_str()), row)).collect();
    let known: HashMap<String, &settlement::Model> = rows.iter().map(|row| (row.id.to_string(), row)).collect();
    let mut seen = Reconciled { settlements: rows.len(), ..Reconciled::default() };
    let paid = intents.iter().filter(|intent| intent.status == "succeeded").map(|intent| {
        let (reference, settlement) = (intent.charge_id.as_str(), intent.settlement.as_str());
        (Movement::Charged, reference, intent.amount, intent.currency.as_str(), settlement, intent.created)
    });
    let passed = transfers.iter().map(|transfer| {
        let (reference, settlement) = (transfer.id.as_str(), transfer.settlement.as_str());
        (Movement::Transferred, reference, transfer.amount, transfer.currency.as_str(), settlement, transfer.created)
    });
    for (movement, reference, amount, currency, settlement, created) in paid.chain(passed) {
        seen.objects += 1;
        let words = money::words(amount, currency);
        match books.remove(&(movement, reference)) {
            Some(row) if row.amount == amount && row.currency == currency => {}
            Some(row) => seen
                .differences
                .push(format!("{reference}: Stripe shows {words}, the books hold {}.", money::words(row.amount, &row.currency))),
            // Of a month that is final; its posting lies before what was read.
            None if !known.contains_key(settlement) && moved_before(created, since) => {}
            None if known.contains_key(settlement) => {
                seen.differences.push(format!("{reference}: {words} at Stripe for settlement {settlement} stands in no book."));
            }
            None => seen.differences.push(format!("{reference}: {words} at Stripe belongs to no settlement of ours.")),
        }
    }
    for ((movement, reference), row) in books.into_iter().filter(|(_, row)| row.at >= since) {
        seen.differences.push(format!(
            "{reference}: the books hold {} as {}, Stripe shows nothing of it.",
            money::words(row.amount, &row.currency),
            movement.label().to_lowercase()
        ));
    }
    seen.differences.sort();

    let mut work = platform.work(actor, reach()).await?;
    let id: ReconciliationId = work.id();
    reconciliation::ActiveModel {
        id: Set(id),
        at: Set(work.now()),
        by: Set(by.to_owned()),
        settlements: Set(i32::try_from(seen.settlements).unwrap_or(i32::MAX)),
        objects: Set(i32::try_from(seen.objects).unwrap_or(i32::MAX)),
        differences: Set(serde_json::to_string(&seen.differences)?),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("payments.reconciled", format!("reconciliation:{id}"))
        .with("objects", seen.objects)
        .with("differences", seen.differences.len());
    audit::record(&mut work, line).await?;
    work.commit().await?;
    Ok(Some(seen))
}

/// Unix seconds of Stripe's against a moment of ours.
fn moved_before(created: i64, since: Moment) -> bool {
    created < since.seconds()
}
