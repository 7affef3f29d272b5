//! Time an attorney worked, logged against a retainer. What was done is sealed: it is privileged.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, MatterId, RetainerId, TenantId, TimeEntryId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_time_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TimeEntryId,
    pub tenant_id: TenantId,
    pub retainer_id: RetainerId,
    pub matter_id: Option<MatterId>,
    pub attorney_id: AccountId,
    pub attorney_name: String,
    /// `2026-03-02`, in the tenant's zone.
    pub worked_on: String,
    /// A multiple of six.
    pub minutes: i64,
    /// Sealed.
    pub description: Vec<u8>,
    /// Written off: seen in the log, not counted by the meter.
    pub written_off: bool,
    /// Set by the monthly settlement; from then on the entry stands.
    pub settled_at: Option<Moment>,
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
