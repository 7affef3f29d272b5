//! Looks whether a payment method was set up, and takes it; what waited for it goes on.

use std::sync::Arc;

use entity::{
    Reach,
    ids::TenantId,
    payments::{MethodKind, Step, Turn, payer, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    audit,
    payments::{jobs::Advance, stripe::Stripe},
    platform::{Actor, Platform, Result},
};

/// True where there is a new one.
pub async fn refresh_payer(platform: &Arc<Platform>, actor: Actor, tenant: TenantId) -> Result<bool> {
    let Some(stripe) = Stripe::of(platform) else { return Ok(false) };
    let reach = || Reach::Tenants(vec![tenant]);
    let tx = platform.read(reach()).await?;
    let row = payer::Entity::within(tx.reach()).filter(payer::Column::TenantId.eq(tenant)).one(&tx).await?;
    drop(tx);
    let Some(before) = row else { return Ok(false) };
    let Some(session) = before.session.clone() else { return Ok(false) };
    let Some(method) = stripe.set_up_in(&session).await? else { return Ok(false) };
    // The method must be of our customer and of a kind we charge: what a session says is not taken on trust.
    let Ok(kind) = method.kind.parse::<MethodKind>() else { return Ok(false) };
    if method.customer != before.customer {
        tracing::error!(%tenant, "a payment method of another customer was left alone");
        return Ok(false);
    }
    let mut work = platform.work(actor, reach()).await?;
    let now = work.now();
    let taken = payer::Entity::update_many()
        .col_expr(payer::Column::Method, Expr::value(Some(method.id.clone())))
        .col_expr(payer::Column::MethodKind, Expr::value(Some(kind.word())))
        .col_expr(payer::Column::MethodWords, Expr::value(method.words.clone()))
        .col_expr(payer::Column::Expires, Expr::value(method.expires.clone()))
        .col_expr(payer::Column::Session, Expr::value(Option::<String>::None))
        .col_expr(payer::Column::ChangedAt, Expr::value(now.0))
        .filter(payer::Column::TenantId.eq(tenant))
        .filter(payer::Column::Session.eq(&session))
        .exec(work.write())
        .await?
        .rows_affected;
    if taken != 1 {
        work.counts_as_audited("another look has taken it");
        work.commit().await?;
        return Ok(false);
    }
    let line = audit::Line::new("payment_method.changed", format!("tenant:{tenant}")).tenant(tenant);
    audit::record(&mut work, line.with("kind", kind.word()).with("method", method.words)).await?;
    // Everything that waits for the MSP's method: not what the bank gave back, which a person must want charged again.
    let waiting = settlement::Entity::within(work.read().reach())
        .filter(settlement::Column::TenantId.eq(tenant))
        .filter(settlement::Column::Step.is_in([Step::Scheduled, Step::Failed]))
        .filter(settlement::Column::Turn.eq(Turn::Msp))
        .filter(settlement::Column::Cause.is_not_in(["dispute_lost", "debit_returned", "refunded"]))
        .all(work.read())
        .await?;
    for row in waiting {
        if let Some(settlement) = super::advance::hurry(&mut work, row, now).await? {
            work.enqueue(&Advance { settlement, due: None }).await?;
        }
    }
    work.commit().await?;
    if let Some(old) = before.method.filter(|old| *old != method.id)
        && let Err(error) = stripe.detach(&old).await
    {
        tracing::warn!(?error, "the old payment method stays with Stripe");
    }
    Ok(true)
}
