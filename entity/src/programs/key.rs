//! A key with which a program of the MSP's comes: what it may, until when. The key itself is not here, only its hash.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, ApiKeyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programs_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub tenant_id: TenantId,
    pub name: String,
    /// SHA-256 of the key, hex; unique.
    pub key_hash: String,
    /// The beginning of the key, by which people tell theirs apart.
    pub hint: String,
    /// Words of `programs::SCOPES`, separated by spaces.
    pub scopes: String,
    pub created_by: AccountId,
    pub created_by_name: String,
    pub created_at: Moment,
    pub expires_at: Moment,
    /// To the minute.
    pub last_used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    pub revoked_by_name: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
