//! A ticket of the PSA's that could not be taken, kept as it was told until it is taken.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_psa_refused")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// The PSA's id of the ticket; of one that is longer than an id may be, its hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub theirs: String,
    /// JSON, as the PSA told it last.
    pub ticket: String,
    /// With the ticket's id, as people read it.
    pub why: String,
    pub refused_at: Moment,
    /// When the PSA last told it.
    pub seen_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
