//! Reading what was kept.

use entity::{
    Moment,
    ids::{AccountId, TenantId},
    mission::{astray as row, page},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::platform::{Result, Tx};

pub(super) async fn kept(tx: &Tx, account: AccountId, name: &str) -> Result<Option<page::Model>> {
    Ok(page::Entity::within(tx.reach())
        .filter(page::Column::AccountId.eq(account))
        .filter(page::Column::Page.eq(name))
        .one(tx)
        .await?)
}

pub(super) async fn astray_at(tx: &Tx, tenant: TenantId) -> Result<Option<row::Model>> {
    Ok(row::Entity::within(tx.reach()).filter(row::Column::TenantId.eq(tenant)).one(tx).await?)
}

/// Somebody looked for Mission pages in an MSP's portal.
#[derive(Clone, Debug)]
pub struct Astray {
    pub tenant: TenantId,
    pub host: String,
    pub at: Moment,
}

/// Those of the time since then, newest first.
pub async fn astray(tx: &Tx, since: Moment) -> Result<Vec<Astray>> {
    let rows = row::Entity::within(tx.reach()).filter(row::Column::At.gte(since)).order_by_desc(row::Column::At).all(tx).await?;
    Ok(rows.into_iter().map(|row| Astray { tenant: row.tenant_id, host: row.host, at: row.at }).collect())
}
