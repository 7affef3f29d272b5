//! A ticket of the Hub that was used: its number comes once, also on another node and after a restart.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_ticket_use")]
pub struct Model {
    /// SHA-256 of whose link it was and its `jti`, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub used_at: Moment,
    /// Long after the ticket itself is too old.
    pub keep_until: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
