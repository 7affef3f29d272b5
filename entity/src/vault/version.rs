//! One version of a document: one encrypted object under a key of its own; never changed.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, DataKeyId, DocumentId, DocumentVersionId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vault_document_version")]
pub struct Model {
    /// Also the id of the object in the blob store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentVersionId,
    pub tenant_id: TenantId,
    pub document_id: DocumentId,
    /// 1, 2, 3 …
    pub number: i32,
    pub data_key_id: DataKeyId,
    pub file_name: String,
    pub media_type: String,
    pub size: i64,
    /// SHA-256 of the bytes before encryption, hex.
    pub sha256: String,
    pub created_by: Option<AccountId>,
    pub created_by_name: String,
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
