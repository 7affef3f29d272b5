//! A tenant's key, wrapped by the key that never leaves the key store.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{TenantId, TenantKeyId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vault_tenant_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantKeyId,
    pub tenant_id: TenantId,
    /// 1, 2, 3 … by rotation; the highest wraps new data keys.
    pub version: i32,
    /// Which key of the key store wrapped it.
    pub store_key: String,
    pub wrapped: Vec<u8>,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
