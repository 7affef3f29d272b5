//! Reading keys.

use entity::{
    ids::{ApiKeyId, TenantId},
    programs::key,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::key::PREFIX;
use crate::platform::{Result, Tx, secret};

/// The key's row; `tx` reaches everything, as nobody is known yet.
pub(super) async fn by_token(tx: &Tx, token: &str) -> Result<Option<key::Model>> {
    if !token.starts_with(PREFIX) || token.len() > 100 {
        return Ok(None);
    }
    Ok(key::Entity::within(tx.reach()).filter(key::Column::KeyHash.eq(secret::token_hash(token))).one(tx).await?)
}

pub(super) async fn key(tx: &Tx, tenant: TenantId, id: ApiKeyId) -> Result<Option<key::Model>> {
    Ok(key::Entity::within(tx.reach()).filter(key::Column::TenantId.eq(tenant)).filter(key::Column::Id.eq(id)).one(tx).await?)
}

/// The tenant's keys, the newest first; shut ones stand at the end.
pub(super) async fn keys(tx: &Tx, tenant: TenantId) -> Result<Vec<key::Model>> {
    let mut rows = key::Entity::within(tx.reach())
        .filter(key::Column::TenantId.eq(tenant))
        .order_by_desc(key::Column::CreatedAt)
        .order_by_desc(key::Column::Id)
        .all(tx)
        .await?;
    rows.sort_by_key(|row| row.revoked_at.is_some());
    Ok(rows)
}
