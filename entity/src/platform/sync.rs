//! How far what another program keeps for a tenant was taken.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_sync")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// As people read it: `Books`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub program: String,
    /// The last time somebody began; who moves it is the one who takes.
    pub begun_at: Moment,
    pub taken_at: Option<Moment>,
    /// It is taken at this moment.
    pub runs: bool,
    /// What went wrong since, in a sentence; empty where nothing did.
    pub problem: String,
    /// What could not be taken the last time, by name, while everything else was; empty where all was taken.
    pub untaken: String,
    /// Everything the program changed up to then is here.
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
