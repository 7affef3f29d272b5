//! A month of a tenant whose statement is told, or waits to be: one row, so one mail, however many settlements begin at once.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_statement_month")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// `2026-03`
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: String,
    pub begun_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
