//! That both sides were told how far a month's included hours are used: once a month and mark.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{RetainerId, RetainerWarningId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_warning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RetainerWarningId,
    pub tenant_id: TenantId,
    pub retainer_id: RetainerId,
    /// The first day of the month.
    pub month: String,
    /// 80 or 100.
    pub percent: i32,
    pub told_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
