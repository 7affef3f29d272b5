//! A lost second factor: one person records how identity was verified, another confirms.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, MfaResetId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_mfa_reset")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MfaResetId,
    pub account_id: AccountId,
    /// None for the command line.
    pub started_by: Option<AccountId>,
    pub started_by_name: String,
    /// How the person's identity was verified, in words.
    pub verified: String,
    pub created_at: Moment,
    pub confirmed_at: Option<Moment>,
    pub confirmed_by: Option<AccountId>,
    pub cancelled_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
