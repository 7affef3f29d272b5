//! The MSP's owner or admin sets up the payment method at Stripe's own page: where they go for it.

use std::sync::Arc;

use entity::{payments::payer, wall::Walled};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::{
    audit,
    payments::{access::MethodKeeper, stripe::Stripe},
    platform::{Actor, Error, Platform, Result},
    tenancy,
};

pub async fn set_up_method(platform: &Arc<Platform>, actor: Actor, keeper: &MethodKeeper) -> Result<String> {
    let stripe = Stripe::needed(platform)?;
    let mut work = platform.work(actor.clone(), keeper.caller.reach()).await?;
    let now = work.now();
    let tenant = tenancy::tenant(work.read(), keeper.tenant).await?.ok_or(Error::NotFound)?;
    let fresh = payer::ActiveModel {
        tenant_id: Set(keeper.tenant),
        customer: Set(None),
        method: Set(None),
        method_kind: Set(None),
        method_words: Set(String::new()),
        expires: Set(String::new()),
        session: Set(None),
        changed_at: Set(now),
        created_at: Set(now),
    };
    let once = OnConflict::column(payer::Column::TenantId).do_nothing().to_owned();
    payer::Entity::insert(fresh).on_conflict(once).exec_without_returning(work.write()).await?;
    let row = payer::Entity::within(work.read().reach()).filter(payer::Column::TenantId.eq(keeper.tenant)).one(work.read()).await?;
    let row = row.ok_or(Error::NotFound)?;
    let line = audit::Line::new("payment_method.set_up_begun", format!("tenant:{}", keeper.tenant)).tenant(keeper.tenant);
    audit::record(&mut work, line).await?;
    work.commit().await?;

    let customer = match row.customer {
        Some(customer) => customer,
        None => {
            let key = format!("customer:{}:{}", keeper.tenant, row.created_at.seconds());
            stripe.open_customer(&key, &tenant.name, &keeper.caller.email, &keeper.tenant.to_string()).await?
        }
    };
    let done = platform.config.link("/legal/billing/back");
    let cancelled = platform.config.link("/legal/billing");
    let (session, url) = stripe.open_setup(&customer, &tenant.currency, &done, &cancelled).await?;
    let mut work = platform.work(actor, keeper.caller.reach()).await?;
    payer::Entity::update_many()
        .col_expr(payer::Column::Customer, Expr::value(Some(customer)))
        .col_expr(payer::Column::Session, Expr::value(Some(session)))
        .filter(payer::Column::TenantId.eq(keeper.tenant))
        .exec(work.write())
        .await?;
    work.counts_as_audited("recorded when it was begun");
    work.commit().await?;
    Ok(url)
}
