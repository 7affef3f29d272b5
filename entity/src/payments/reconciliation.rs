//! One comparison of our books with Stripe's, and what differed.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled, ids::ReconciliationId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_reconciliation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReconciliationId,
    pub at: Moment,
    /// `nightly`, or who asked for it.
    pub by: String,
    pub settlements: i32,
    pub objects: i32,
    /// Sentences, a JSON list; empty where both agree.
    pub differences: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
/// The operator's.
impl Unwalled for Entity {}
