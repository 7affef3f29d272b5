//! Who delivers a ticket to the PSA at this moment: one at a time.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{TenantId, TicketId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_psa_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    pub tenant_id: TenantId,
    /// Of who has it.
    pub token: String,
    /// A claim of a process that died runs out.
    pub until: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
