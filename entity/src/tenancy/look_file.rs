//! A file of a portal's look, named by its content: a picture, or the style sheet made of what an admin typed.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{LookFileId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_look_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LookFileId,
    pub tenant_id: TenantId,
    /// `3f9a….png`: the first half of its SHA-256, and its kind.
    pub name: String,
    pub content: Vec<u8>,
    pub made_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
