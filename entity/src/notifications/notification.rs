//! One line under somebody's bell.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, NotificationId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications_notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    pub tenant_id: TenantId,
    /// With the account unique: an event tells a person once.
    pub event_id: Uuid,
    pub account_id: AccountId,
    /// `policy.submitted`
    pub event: String,
    pub words: String,
    pub href: String,
    pub created_at: Moment,
    pub read_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
