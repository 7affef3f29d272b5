//! New terms of a running retainer, from the first day of a later month. Until then, and for the months before, the old ones hold.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, AmendmentId, RetainerId, TenantId},
};

words! {
    pub enum AmendmentStatus {
        /// The MSP is asked to accept.
        Offered = "offered" => "Offered",
        Accepted = "accepted" => "Accepted",
        Declined = "declined" => "Declined",
        /// The attorney took it back.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_amendment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AmendmentId,
    pub tenant_id: TenantId,
    pub retainer_id: RetainerId,
    pub status: AmendmentStatus,
    /// Currency, start and billing day stay the retainer's.
    pub fee: i64,
    pub included_minutes: i64,
    pub overage_rate: i64,
    pub rolls_over: bool,
    /// `2027-01-01`: the first day of a month of the retainer.
    pub effective_on: String,
    pub offered_at: Moment,
    pub offered_by_name: String,
    pub decided_at: Option<Moment>,
    pub decided_by: Option<AccountId>,
    pub decided_by_name: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
