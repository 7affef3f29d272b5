//! A form that came after its session had ended, kept for the person who sent it: sealed, for one browser, for a day.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, KeptFormId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_kept_form")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeptFormId,
    pub account_id: AccountId,
    /// SHA-256 of the browser's cookie, hex.
    pub browser_hash: String,
    /// Where it was sent and what was typed.
    pub sealed: Vec<u8>,
    pub created_at: Moment,
    pub expires_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
