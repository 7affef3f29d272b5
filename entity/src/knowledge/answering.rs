//! Whether a model answers an MSP's clients, and how often it did; none: it may, and was never asked.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_answering")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// Its admin leaves it on.
    pub allowed: bool,
    /// Questions that were sent to the model.
    pub asked_count: i64,
    /// It answered from the articles.
    pub answered_count: i64,
    /// It found no answer in them.
    pub unknown_count: i64,
    /// It was away, or said what could not be used.
    pub failed_count: i64,
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
