//! How far a tenant's invoices were taken from Books.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices_sync")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// The last time somebody began; who moves it is the one who takes.
    pub begun_at: Moment,
    pub taken_at: Option<Moment>,
    /// What went wrong since, in a sentence; empty where nothing did.
    pub problem: String,
    /// Everything Books changed up to then is here.
    pub mark: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
