//! One line of a retainer's history: what became of it, by whom, under which terms.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, RetainerEventId, RetainerId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RetainerEventId,
    pub tenant_id: TenantId,
    pub retainer_id: RetainerId,
    pub at: Moment,
    pub actor_id: Option<AccountId>,
    pub actor_name: String,
    /// The verb: `offered`, `accepted`, `paused` …
    pub what: String,
    /// The terms in words at that time, where the verb changed or accepted them; the reason, where one was given.
    pub detail: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
