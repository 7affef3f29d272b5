//! Owner or admin takes the payment method away; what falls due waits for another.

use std::sync::Arc;

use entity::{payments::payer, wall::Walled};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    audit,
    payments::{access::MethodKeeper, stripe::Stripe},
    platform::{Actor, Error, Platform, Refusal, Result},
};

pub async fn remove_method(platform: &Arc<Platform>, actor: Actor, keeper: &MethodKeeper) -> Result<()> {
    let stripe = Stripe::needed(platform)?;
    let mut work = platform.work(actor, keeper.caller.reach()).await?;
    let row = payer::Entity::within(work.read().reach()).filter(payer::Column::TenantId.eq(keeper.tenant)).one(work.read()).await?;
    let Some(method) = row.ok_or(Error::NotFound)?.method else {
        return Err(Refusal::new("no_method", "There is no payment method to remove.", "Add one when you need it.").into());
    };
    payer::Entity::update_many()
        .col_expr(payer::Column::Method, Expr::value(Option::<String>::None))
        .col_expr(payer::Column::MethodKind, Expr::value(Option::<String>::None))
        .col_expr(payer::Column::MethodWords, Expr::value(""))
        .col_expr(payer::Column::Expires, Expr::value(""))
        .col_expr(payer::Column::ChangedAt, Expr::value(work.now().0))
        .filter(payer::Column::TenantId.eq(keeper.tenant))
        .exec(work.write())
        .await?;
    let line = audit::Line::new("payment_method.removed", format!("tenant:{}", keeper.tenant)).tenant(keeper.tenant);
    audit::record(&mut work, line).await?;
    work.commit().await?;
    Ok(stripe.detach(&method).await?)
}
