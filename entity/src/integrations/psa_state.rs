//! How far a tenant's tickets were compared with the PSA's.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_psa_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// The PSA's own mark of how far we have read; none: from the beginning.
    pub cursor: Option<String>,
    pub last_run_at: Option<Moment>,
    pub last_ok_at: Option<Moment>,
    /// Why the last comparison came to no end.
    pub last_error: Option<String>,
    pub failing_since: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
