//! Reading what the CRM told, who its companies are here, and what it has still to be told.

use entity::{
    crm::client,
    ids::{CompanyId, TenantId},
    platform::sync,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::ExprTrait as _};

use crate::platform::{self, Result, Tx};

fn of_tenant(tx: &Tx, tenant: TenantId) -> Select<client::Entity> {
    client::Entity::within(tx.reach()).filter(client::Column::TenantId.eq(tenant))
}

pub async fn client_by_ref(tx: &Tx, tenant: TenantId, client_ref: &str) -> Result<Option<client::Model>> {
    Ok(of_tenant(tx, tenant).filter(client::Column::ClientRef.eq(client_ref)).one(tx).await?)
}

/// Which company of the CRM this client is.
pub async fn client_of_company(tx: &Tx, company: CompanyId) -> Result<Option<client::Model>> {
    Ok(client::Entity::within(tx.reach()).filter(client::Column::CompanyId.eq(company)).one(tx).await?)
}

/// All of a tenant's, by name.
pub async fn clients(tx: &Tx, tenant: TenantId) -> Result<Vec<client::Model>> {
    Ok(of_tenant(tx, tenant).order_by_asc(client::Column::Name).order_by_asc(client::Column::Id).limit(5_000).all(tx).await?)
}

/// Those of which an admin has to say who they are.
pub async fn waiting(tx: &Tx, tenant: TenantId) -> Result<Vec<client::Model>> {
    let rows = of_tenant(tx, tenant)
        .filter(client::Column::CompanyId.is_null())
        .filter(client::Column::Ignored.eq(false))
        .filter(client::Column::GoneAt.is_null());
    Ok(rows.order_by_asc(client::Column::Name).limit(5_000).all(tx).await?)
}

/// Those whose figures the CRM has not been told, the longest waiting first.
pub async fn behind(tx: &Tx, tenant: TenantId) -> Result<Vec<client::Model>> {
    let rows = of_tenant(tx, tenant)
        .filter(client::Column::CompanyId.is_not_null())
        .filter(client::Column::GoneAt.is_null())
        .filter(client::Column::ToldRevision.into_expr().lt(client::Column::Revision.into_expr()));
    Ok(rows.order_by_asc(client::Column::ChangedAt).limit(5_000).all(tx).await?)
}

/// How many companies the CRM has told of, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub told: usize,
    pub linked: usize,
    pub waiting: usize,
    pub gone: usize,
}

pub async fn counts(tx: &Tx, tenant: TenantId) -> Result<Counts> {
    let rows = clients(tx, tenant).await?;
    let count = |is: fn(&client::Model) -> bool| rows.iter().filter(|row| is(row)).count();
    Ok(Counts {
        told: rows.len(),
        linked: count(|row| row.company_id.is_some()),
        waiting: count(|row| row.company_id.is_none() && !row.ignored && row.gone_at.is_none()),
        gone: count(|row| row.company_id.is_some() && row.gone_at.is_some()),
    })
}

/// How far this tenant's clients were taken; none where nobody ever looked.
pub async fn sync_of(tx: &Tx, tenant: TenantId) -> Result<Option<sync::Model>> {
    platform::sync::state(tx, "CRM", tenant).await
}
