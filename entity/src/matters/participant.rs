//! Who takes part in a matter, from when to when. The wall around the matter is made of these rows.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, MatterId, MatterParticipantId, TenantId},
};

words! {
    /// From which side somebody takes part.
    pub enum Side {
        Staff = "staff" => "MSP",
        Attorney = "attorney" => "Attorney",
        Client = "client" => "Client",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "matters_participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MatterParticipantId,
    pub tenant_id: TenantId,
    pub matter_id: MatterId,
    pub account_id: AccountId,
    pub name: String,
    pub side: Side,
    /// What they are called there, e.g. `Primary attorney`, `Office Manager`.
    pub role: String,
    pub joined_at: Moment,
    pub left_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
