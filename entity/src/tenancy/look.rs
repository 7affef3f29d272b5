//! A look that a portal had or has: the newest is what clients see.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{LookId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_look")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LookId,
    pub tenant_id: TenantId,
    /// One after the other, from 1.
    pub number: i32,
    pub portal_name: String,
    pub primary_color: String,
    pub accent_color: String,
    pub welcome_text: String,
    pub logo: String,
    pub favicon: String,
    /// As it was typed; what is served is made of it.
    pub css: String,
    pub saved_by: String,
    pub saved_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
