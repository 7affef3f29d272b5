//! Gives a tenant a new key and re-wraps its data keys under it. No document is encrypted anew, all stay readable throughout,
//! and a rotation that was killed goes on where it stopped when it is started again.

use std::sync::Arc;

use entity::{
    Reach, Walled,
    ids::TenantId,
    vault::{data_key, tenant_key},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::Expr};
use zeroize::Zeroizing;

use crate::{
    audit,
    platform::{Actor, Error, Platform, Result, random},
    vault::{
        key::{DataKey, wrap_tenant_key},
        queries::{newest_tenant_key, tenant_secret},
    },
};

/// Data keys re-wrapped in one transaction.
const BATCH: u64 = 200;

/// Makes the next tenant key and re-wraps all data keys; answers how many.
pub async fn rotate_keys(platform: &Arc<Platform>, actor: &Actor, tenant: TenantId) -> Result<u64> {
    let reach = Reach::Tenants(vec![tenant]);
    let mut work = platform.work(actor.clone(), reach).await?;
    let old = newest_tenant_key(work.read(), tenant).await?.ok_or(Error::NotFound)?;
    let secret = Zeroizing::new(random::bytes::<32>());
    let (store_key, wrapped) = wrap_tenant_key(platform, tenant, &secret).await?;
    tenant_key::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        version: Set(old.version + 1),
        store_key: Set(store_key.clone()),
        wrapped: Set(wrapped),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("tenant_key.rotated", format!("tenant:{tenant}")).tenant(tenant).with("store_key", store_key);
    audit::record(&mut work, line).await?;
    work.commit().await?;
    rewrap_keys(platform, actor, tenant).await
}

/// Re-wraps what still stands under an older tenant key. Run again after a crash, it does the rest.
pub async fn rewrap_keys(platform: &Arc<Platform>, actor: &Actor, tenant: TenantId) -> Result<u64> {
    let reach = Reach::Tenants(vec![tenant]);
    let mut done = 0;
    loop {
        let mut work = platform.work(actor.clone(), reach.clone()).await?;
        let newest = newest_tenant_key(work.read(), tenant).await?.ok_or(Error::NotFound)?;
        let tx = work.read();
        let rows = data_key::Entity::within(tx.reach())
            .filter(data_key::Column::TenantId.eq(tenant))
            .filter(data_key::Column::TenantKeyId.ne(newest.id))
            .limit(BATCH)
            .all(tx)
            .await?;
        if rows.is_empty() {
            return Ok(done);
        }
        let new_secret = tenant_secret(platform, &newest).await?;
        for row in &rows {
            let tx = work.read();
            let old = tenant_key::Entity::within(tx.reach())
                .filter(tenant_key::Column::Id.eq(row.tenant_key_id))
                .one(tx)
                .await?
                .ok_or_else(|| anyhow::anyhow!("the tenant key of a data key is missing"))?;
            let old_secret = tenant_secret(platform, &old).await?;
            let key = DataKey::unwrap(&old_secret, row.id, tenant, &row.wrapped)?;
            data_key::Entity::update_many()
                .col_expr(data_key::Column::Wrapped, Expr::value(key.wrap(&new_secret)))
                .col_expr(data_key::Column::TenantKeyId, Expr::value(newest.id.0))
                .filter(data_key::Column::Id.eq(row.id))
                .exec(work.write())
                .await?;
        }
        done += rows.len() as u64;
        let line = audit::Line::new("data_keys.rewrapped", format!("tenant:{tenant}")).tenant(tenant).with("keys", rows.len());
        audit::record(&mut work, line).await?;
        work.commit().await?;
    }
}
