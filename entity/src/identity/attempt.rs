//! Consecutive wrong tries at one way in: an e-mail in a realm, or that e-mail from one known device.
//!
//! Kept for e-mails nobody has as well, so that a stranger learns nothing from a lock.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_attempt")]
pub struct Model {
    /// Keyed hash of realm, e-mail and device: what a stranger typed is not kept.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub failures: i32,
    pub locked_until: Option<Moment>,
    pub last_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
