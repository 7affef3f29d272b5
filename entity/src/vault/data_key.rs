//! The key of one document version or one conversation, wrapped by the tenant's key.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{DataKeyId, TenantId, TenantKeyId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vault_data_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataKeyId,
    pub tenant_id: TenantId,
    pub tenant_key_id: TenantKeyId,
    /// `version:ID` or `conversation:ID`
    pub owner: String,
    pub wrapped: Vec<u8>,
    pub created_at: Moment,
    /// Set: nothing under this key opens until it is enabled again.
    pub disabled_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
