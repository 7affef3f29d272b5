//! Works stored webhooks off: each names an object, and whatever of ours depends on it is looked at anew.

use std::{collections::BTreeMap, sync::Arc};

use entity::{
    Moment, Reach, Unwalled,
    ids::SettlementId,
    payments::{Step, payee, payer, settlement, webhook},
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{advance::Left, advance::advance, refresh_payee::refresh_payee, refresh_payer::refresh_payer};
use crate::{
    payments::{jobs::Advance, stripe::Stripe},
    platform::{Actor, Platform, Result, Tx},
};

/// Of several that point at the same thing, it is looked at once.
pub async fn work_webhooks(platform: &Arc<Platform>, events: &[String]) -> Result<()> {
    let reach = || Reach::Everything("a webhook comes before anybody knows whose it is");
    let tx = platform.read(reach()).await?;
    let rows = webhook::Entity::rows()
        .filter(webhook::Column::Id.is_in(events.iter().cloned()))
        .filter(webhook::Column::WorkedAt.is_null())
        .order_by_asc(webhook::Column::ReceivedAt)
        .all(&tx)
        .await?;
    drop(tx);
    let Some(stripe) = Stripe::of(platform) else { return Ok(()) };
    let mut alike: BTreeMap<(String, String, String, String, bool), Vec<webhook::Model>> = BTreeMap::new();
    for row in rows {
        let what = (row.object.clone(), row.object_id.clone(), row.account.clone(), row.hint.clone(), row.livemode);
        alike.entry(what).or_default().push(row);
    }
    for rows in alike.into_values() {
        let Some(row) = rows.first() else { continue };
        let outcome = look(platform, row, stripe.is_live()).await?;
        let mut work = platform.work(Actor::program("stripe webhook"), reach()).await?;
        webhook::Entity::update_many()
            .col_expr(webhook::Column::WorkedAt, Expr::value(Some(work.now().0)))
            .col_expr(webhook::Column::Outcome, Expr::value(outcome))
            .filter(webhook::Column::Id.is_in(rows.iter().map(|row| row.id.clone())))
            .exec(work.write())
            .await?;
        work.counts_as_audited("what Stripe sent is a log itself");
        work.commit().await?;
    }
    Ok(())
}

/// Looks at what this points at; what came of it.
async fn look(platform: &Arc<Platform>, row: &webhook::Model, live: bool) -> Result<String> {
    if row.livemode != live {
        // Our key reads the other mode: there is nothing to look at, and nothing of it is ours.
        return Ok("of the other mode: left alone".to_owned());
    }
    let actor = || Actor::program("stripe webhook");
    let tx = platform.read(Reach::Everything("a webhook comes before anybody knows whose it is")).await?;
    match row.object.as_str() {
        "payment_intent" | "transfer" => {
            let found = of_object(&tx, row).await?;
            drop(tx);
            go_on(platform, found).await
        }
        "payout" | "account" | "bank_account" | "card" | "balance" | "capability" | "person" => {
            let found = payee::Entity::rows().filter(payee::Column::StripeAccount.eq(account_of(row))).one(&tx).await?;
            let Some(found) = found else { return Ok("of no account of ours".to_owned()) };
            let dependent = if row.object == "payout" { of_payee(&tx, &found, row).await? } else { Vec::new() };
            drop(tx);
            refresh_payee(platform, actor(), found.account_id).await?;
            Ok(format!("looked at the account; {}", go_on(platform, dependent).await?))
        }
        "customer" => {
            let found = payer::Entity::within(tx.reach()).filter(payer::Column::Customer.eq(&row.object_id)).one(&tx).await?;
            drop(tx);
            Ok(match found {
                None => "of no customer of ours".to_owned(),
                Some(found) if refresh_payer(platform, actor(), found.tenant_id).await? => "took the payment method".to_owned(),
                Some(_) => "no new payment method".to_owned(),
            })
        }
        _ => Ok("nothing of ours depends on it".to_owned()),
    }
}

fn account_of(row: &webhook::Model) -> &str {
    if row.account.is_empty() { &row.object_id } else { &row.account }
}

/// By the names our rows hold; by the metadata where a call's answer was lost and no row holds the name yet.
async fn of_object(tx: &Tx, row: &webhook::Model) -> Result<Vec<SettlementId>> {
    let named = match row.object.as_str() {
        "transfer" => settlement::Column::Transfer.eq(&row.object_id),
        _ => settlement::Column::Intent.eq(&row.object_id),
    };
    let mut which = Condition::any().add(named);
    if let Ok(id) = row.hint.parse::<SettlementId>() {
        which = which.add(settlement::Column::Id.eq(id));
    }
    ids(tx, which).await
}

/// What is on its way to this attorney's bank, or arrived so lately that it may still come back.
async fn of_payee(tx: &Tx, payee: &payee::Model, row: &webhook::Model) -> Result<Vec<SettlementId>> {
    let lately = row.received_at.plus(-30 * Moment::DAY).0;
    let on_its_way = Condition::any()
        .add(settlement::Column::Step.eq(Step::PayingOut))
        .add(settlement::Column::Payout.eq(&row.object_id))
        .add(Condition::all().add(settlement::Column::Step.eq(Step::Paid)).add(settlement::Column::PaidAt.gte(lately)));
    ids(tx, Condition::all().add(settlement::Column::PayeeId.eq(payee.account_id)).add(on_its_way)).await
}

async fn ids(tx: &Tx, which: Condition) -> Result<Vec<SettlementId>> {
    Ok(settlement::Entity::within(tx.reach())
        .filter(which)
        .select_only()
        .column(settlement::Column::Id)
        .into_tuple()
        .all(tx)
        .await?)
}

async fn go_on(platform: &Arc<Platform>, found: Vec<SettlementId>) -> Result<String> {
    for id in &found {
        if let Left::LookAgain(at) = advance(platform, *id).await? {
            let mut work = platform.work(Actor::program("stripe webhook"), Reach::Everything("a job of no tenant")).await?;
            work.enqueue_at(&Advance { settlement: *id, due: None }, at).await?;
            work.commit().await?;
        }
    }
    Ok(match found.len() {
        0 => "no settlement of ours".to_owned(),
        1 => "looked at its settlement".to_owned(),
        n => format!("looked at {n} settlements"),
    })
}
