//! When somebody last came to an address of another program's with a key that is not the one set here.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_refusal")]
pub struct Model {
    /// The setting that holds the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub setting: String,
    pub at: Moment,
    pub ip: String,
    /// How often so far.
    pub times: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
