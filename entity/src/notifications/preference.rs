//! A group of events somebody does not want by mail. No row: mail is wanted.

use sea_orm::entity::prelude::*;

use crate::{Unwalled, ids::AccountId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications_preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// `policy`, `envelope`, `matter`, `retainer`
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: String,
    pub mail: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
