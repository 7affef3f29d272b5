//! Who may read a document: one audience a row.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{DocumentId, GrantId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vault_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    pub tenant_id: TenantId,
    pub document_id: DocumentId,
    /// `staff`, `attorneys`, `company:ID` or `account:ID`
    pub audience: String,
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
