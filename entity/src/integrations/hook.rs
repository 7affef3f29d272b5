//! An address of a customer's own program that hears what happens.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{HookId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_hook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HookId,
    pub tenant_id: TenantId,
    pub name: String,
    pub url: String,
    /// Sealed: what deliveries are signed with.
    pub secret: Vec<u8>,
    /// Words of events, separated by spaces; `*` is all.
    pub events: String,
    pub created_by_name: String,
    pub created_at: Moment,
    /// Nothing is delivered while it is set; why stands beside it.
    pub paused_at: Option<Moment>,
    pub paused_why: Option<String>,
    pub last_ok_at: Option<Moment>,
    /// Since when nothing was taken any more.
    pub failing_since: Option<Moment>,
    pub last_error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
