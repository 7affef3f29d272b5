//! What Mission said last for one page of one member, sealed: it says what they give.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mission_page")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// `giving`, `events` …
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: String,
    pub tenant_id: TenantId,
    pub sealed: Vec<u8>,
    pub taken_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
