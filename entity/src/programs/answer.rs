//! What a write with an `Idempotency-Key` was answered: the same again gets the same, and does nothing.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{ApiAnswerId, ApiKeyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programs_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiAnswerId,
    pub tenant_id: TenantId,
    pub key_id: ApiKeyId,
    /// The program's own word; unique with `key_id`.
    pub idempotency_key: String,
    /// SHA-256 of method, address and body.
    pub request: String,
    pub status: i32,
    /// JSON.
    pub body: String,
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
