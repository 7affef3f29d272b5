//! Makes a data key: for a document version, for a conversation. The first one of a tenant makes the tenant's key as well.

use std::sync::Arc;

use entity::{
    ids::{DataKeyId, TenantId, TenantKeyId},
    vault::{data_key, tenant_key},
};
use sea_orm::{ActiveModelTrait, EntityTrait, Set, sea_query::OnConflict};
use zeroize::Zeroizing;

use crate::{
    audit,
    platform::{Actor, Platform, Result, Work, random},
    vault::{
        key::{DataKey, KeyCache, wrap_tenant_key},
        queries::{newest_tenant_key, tenant_secret},
    },
};

/// A data key for this owner (`conversation:ID`), in the caller's transaction; the caller's audit line tells of it.
pub async fn new_data_key(work: &mut Work, tenant: TenantId, owner: &str) -> Result<DataKeyId> {
    let fresh = fresh_key(work, tenant).await?;
    insert(work, &fresh, owner).await
}

/// A key that was made and wrapped but has no row yet.
pub(in crate::vault) struct FreshKey {
    pub key: Arc<DataKey>,
    tenant_key: TenantKeyId,
    wrapped: Vec<u8>,
}

/// Inside a unit of work: makes the tenant's key if it has none.
pub(in crate::vault) async fn fresh_key(work: &mut Work, tenant: TenantId) -> Result<FreshKey> {
    let row = match newest_tenant_key(work.read(), tenant).await? {
        Some(row) => row,
        None => first_tenant_key(work, tenant).await?,
    };
    let platform = Arc::clone(work.platform());
    wrap_fresh(&platform, tenant, &row).await
}

/// Outside a unit of work, for uploads that stream before they have rows.
pub(in crate::vault) async fn fresh_key_ahead(
    platform: &Arc<Platform>,
    actor: &Actor,
    reach: &entity::Reach,
    tenant: TenantId,
) -> Result<FreshKey> {
    let tx = platform.read(reach.clone()).await?;
    let known = newest_tenant_key(&tx, tenant).await?;
    drop(tx);
    let row = match known {
        Some(row) => row,
        None => {
            let mut work = platform.work(actor.clone(), reach.clone()).await?;
            let row = match newest_tenant_key(work.read(), tenant).await? {
                Some(row) => row,
                None => first_tenant_key(&mut work, tenant).await?,
            };
            work.commit().await?;
            row
        }
    };
    wrap_fresh(platform, tenant, &row).await
}

async fn wrap_fresh(platform: &Arc<Platform>, tenant: TenantId, row: &tenant_key::Model) -> Result<FreshKey> {
    let secret = tenant_secret(platform, row).await?;
    let key = Arc::new(DataKey::fresh(DataKeyId(random::id(platform.clock.now())), tenant));
    Ok(FreshKey { wrapped: key.wrap(&secret), tenant_key: row.id, key })
}

/// The row of a key that was made before.
pub(in crate::vault) async fn insert(work: &mut Work, fresh: &FreshKey, owner: &str) -> Result<DataKeyId> {
    let id = fresh.key.id;
    data_key::ActiveModel {
        id: Set(id),
        tenant_id: Set(fresh.key.tenant),
        tenant_key_id: Set(fresh.tenant_key),
        owner: Set(owner.to_owned()),
        wrapped: Set(fresh.wrapped.clone()),
        created_at: Set(work.now()),
        disabled_at: Set(None),
    }
    .insert(work.write())
    .await?;
    let platform = Arc::clone(work.platform());
    platform.shared::<KeyCache>().keep_data(Arc::clone(&fresh.key), &platform.clock);
    Ok(id)
}

/// Version 1 of a tenant's key; where another transaction was quicker, that one's.
async fn first_tenant_key(work: &mut Work, tenant: TenantId) -> Result<tenant_key::Model> {
    let platform = Arc::clone(work.platform());
    let secret = Zeroizing::new(random::bytes::<32>());
    let (store_key, wrapped) = wrap_tenant_key(&platform, tenant, &secret).await?;
    let row = tenant_key::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        version: Set(1),
        store_key: Set(store_key.clone()),
        wrapped: Set(wrapped),
        created_at: Set(work.now()),
    };
    tenant_key::Entity::insert(row)
        .on_conflict(OnConflict::columns([tenant_key::Column::TenantId, tenant_key::Column::Version]).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    let row = newest_tenant_key(work.read(), tenant).await?.ok_or_else(|| anyhow::anyhow!("the tenant key was just written"))?;
    let line = audit::Line::new("tenant_key.created", format!("tenant:{tenant}")).tenant(tenant).with("store_key", store_key);
    audit::record(work, line).await?;
    Ok(row)
}
