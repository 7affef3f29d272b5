//! An MSP's admin lets a model answer their clients, or does not.

use entity::knowledge::answering::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::write_answer::keep;
use crate::{
    audit,
    knowledge::queries,
    platform::{Result, Work},
    tenancy::caller::TenantAdmin,
};

pub async fn allow_model(work: &mut Work, who: &TenantAdmin, allowed: bool) -> Result<()> {
    if queries::answering(work.read(), who.tenant).await?.is_none_or(|row| row.allowed) == allowed {
        work.counts_as_audited("it is so already; nothing changes");
        return Ok(());
    }
    keep(work, who.tenant).await?;
    answering::Entity::update_many()
        .col_expr(Column::Allowed, Expr::value(allowed))
        .col_expr(Column::UpdatedAt, Expr::value(work.now().0))
        .filter(Column::TenantId.eq(who.tenant))
        .exec(work.write())
        .await?;
    let action = if allowed { "help.model_allowed" } else { "help.model_stopped" };
    audit::record(work, audit::Line::new(action, format!("tenant:{}", who.tenant)).tenant(who.tenant)).await
}
