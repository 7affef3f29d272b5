//! A service of the catalog: its promise, and the questions of its request form.

use sea_orm::entity::prelude::*;

use super::{TicketCategory, TicketPriority};
use crate::{
    Moment, Walled,
    ids::{ServiceId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets_service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceId,
    pub tenant_id: TenantId,
    pub name: String,
    pub description: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    /// Hours until it is done; none where nothing is promised.
    pub sla_hours: Option<i32>,
    /// JSON: the questions in their order.
    pub questions: String,
    /// Clients can ask for it.
    pub offered: bool,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
