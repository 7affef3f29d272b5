//! One line of a settlement's history, for both sides to read. Never changed.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{HappeningId, SettlementId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_happening")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HappeningId,
    pub tenant_id: TenantId,
    pub settlement_id: SettlementId,
    /// 1, 2, 3 … within the settlement.
    pub number: i32,
    pub at: Moment,
    /// The person, or the schedule, in whose name it happened.
    pub actor_name: String,
    /// One sentence.
    pub words: String,
    /// Stripe's name of the object, or empty.
    pub reference: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
