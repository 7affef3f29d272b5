//! By what number another program knows a contact, a seat or a company.

use entity::{
    ids::{CompanyId, TenantId},
    tenancy::{AliasKind, alias},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use uuid::Uuid;

use crate::{
    audit,
    platform::{Error, Result, Work},
    tenancy::{caller::TenantAdmin, queries},
};

/// Writes down that this number is that contact, seat or company; answers what it claimed the last time. The caller records it.
pub(super) async fn remember(
    work: &mut Work,
    tenant: TenantId,
    kind: AliasKind,
    number: &str,
    about: Uuid,
    claimed: &str,
) -> Result<Option<String>> {
    let before = queries::alias(work.read(), tenant, kind, number).await?;
    match &before {
        Some(row) if row.about == about && row.claimed == claimed => {}
        Some(row) => {
            alias::Entity::update_many()
                .col_expr(alias::Column::About, Expr::value(about))
                .col_expr(alias::Column::Claimed, Expr::value(claimed))
                .filter(alias::Column::Id.eq(row.id))
                .exec(work.write())
                .await?;
        }
        None => {
            let row = alias::ActiveModel {
                id: Set(work.id()),
                tenant_id: Set(tenant),
                kind: Set(kind),
                number: Set(number.to_owned()),
                about: Set(about),
                claimed: Set(claimed.to_owned()),
                created_at: Set(work.now()),
            };
            alias::Entity::insert(row)
                .on_conflict_do_nothing_on([alias::Column::TenantId, alias::Column::Kind, alias::Column::Number])
                .exec_without_returning(work.write())
                .await?;
        }
    }
    Ok(before.filter(|row| row.about == about).map(|row| row.claimed))
}

/// The number by which the Hub and the PSA know this company; empty takes it away. One number is one company.
pub async fn set_company_number(work: &mut Work, admin: &TenantAdmin, id: CompanyId, number: &str) -> Result<()> {
    let company = queries::company_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    let number = number.trim();
    if number.chars().count() > 120 || number.chars().any(char::is_control) {
        return Err(Error::invalid("number", "Keep the number within 120 characters."));
    }
    if queries::company_number(work.read(), id).await? == number {
        return Ok(());
    }
    let taken = queries::alias(work.read(), admin.tenant, AliasKind::Company, number).await?;
    if taken.is_some_and(|row| row.about != company.id.0) {
        return Err(Error::invalid("number", "Another client of yours has this number."));
    }
    alias::Entity::delete_many()
        .filter(alias::Column::TenantId.eq(admin.tenant))
        .filter(alias::Column::Kind.eq(AliasKind::Company))
        .filter(alias::Column::About.eq(company.id.0))
        .exec(work.write())
        .await?;
    if !number.is_empty() {
        remember(work, admin.tenant, AliasKind::Company, number, company.id.0, "").await?;
    }
    let line = audit::Line::new("company.number_set", format!("company:{id}")).tenant(admin.tenant);
    audit::record(work, line.with("number", number)).await
}
