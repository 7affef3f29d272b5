//! Retainers and hours as programs read on: the oldest first, no draft, no word of what was done.

use entity::{
    ids::{RetainerId, TenantId},
    retainers::{RetainerStatus, retainer, time_entry},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use crate::platform::{Leaf, Result, Tx};

pub async fn retainers_leaf(
    tx: &Tx,
    tenant: TenantId,
    status: Option<RetainerStatus>,
    leaf: &Leaf,
) -> Result<(Vec<retainer::Model>, Option<Uuid>)> {
    let mut rows = retainer::Entity::within(tx.reach())
        .filter(retainer::Column::TenantId.eq(tenant))
        .filter(retainer::Column::Status.ne(RetainerStatus::Draft));
    if let Some(status) = status {
        rows = rows.filter(retainer::Column::Status.eq(status));
    }
    Ok(leaf.cut(leaf.select(rows, retainer::Column::Id).all(tx).await?, |row| row.id.0))
}

pub async fn hours_leaf(
    tx: &Tx,
    tenant: TenantId,
    retainer: Option<RetainerId>,
    leaf: &Leaf,
) -> Result<(Vec<time_entry::Model>, Option<Uuid>)> {
    let mut rows = time_entry::Entity::within(tx.reach()).filter(time_entry::Column::TenantId.eq(tenant));
    if let Some(retainer) = retainer {
        rows = rows.filter(time_entry::Column::RetainerId.eq(retainer));
    }
    Ok(leaf.cut(leaf.select(rows, time_entry::Column::Id).all(tx).await?, |row| row.id.0))
}
