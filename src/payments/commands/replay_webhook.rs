//! The operator has a stored webhook worked off again.

use entity::{Unwalled, payments::webhook};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    audit,
    payments::jobs::WorkWebhooks,
    platform::{Error, Result, Work},
    tenancy::caller::Operator,
};

pub async fn replay_webhook(work: &mut Work, _operator: &Operator, id: &str) -> Result<()> {
    let row = webhook::Entity::rows().filter(webhook::Column::Id.eq(id)).one(work.read()).await?.ok_or(Error::NotFound)?;
    webhook::Entity::update_many()
        .col_expr(webhook::Column::WorkedAt, Expr::value(Option::<i64>::None))
        .col_expr(webhook::Column::Outcome, Expr::value("asked for again"))
        .filter(webhook::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.enqueue(&WorkWebhooks { events: vec![row.id.clone()] }).await?;
    audit::record(work, audit::Line::new("webhook.replayed", format!("webhook:{id}")).with("kind", row.kind)).await
}
