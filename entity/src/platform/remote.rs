//! Another program, and what came of the last calls to it.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_remote")]
pub struct Model {
    /// As people read it: `PSA`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub last_success_at: Option<Moment>,
    pub last_error: Option<String>,
    pub last_error_at: Option<Moment>,
    /// The first failure since the last success.
    pub failing_since: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
