//! Disables a data key, or enables it again. It counts at once and on every node: the row is read before a key is used.

use entity::{Walled, ids::DataKeyId, vault::data_key};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use crate::{
    audit,
    platform::{Error, Result, Work},
};

pub async fn disable_key(work: &mut Work, id: DataKeyId) -> Result<()> {
    let now = work.now();
    set(work, id, Some(now), "data_key.disabled").await
}

pub async fn enable_key(work: &mut Work, id: DataKeyId) -> Result<()> {
    set(work, id, None, "data_key.enabled").await
}

async fn set(work: &mut Work, id: DataKeyId, at: Option<entity::Moment>, action: &'static str) -> Result<()> {
    let tx = work.read();
    let row = data_key::Entity::within(tx.reach()).filter(data_key::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
    let (tenant, owner) = (row.tenant_id, row.owner.clone());
    let mut row = row.into_active_model();
    row.disabled_at = Set(at);
    row.update(work.write()).await?;
    audit::record(work, audit::Line::new(action, format!("key:{id}")).tenant(tenant).with("owner", owner)).await
}
