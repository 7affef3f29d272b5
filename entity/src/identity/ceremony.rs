//! A question that was asked of a passkey and waits for its answer: used up by it, whatever it is.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, CeremonyId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_ceremony")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CeremonyId,
    /// `add`, `prove` or `enter`
    pub kind: String,
    /// None where the passkey itself says whose it is.
    pub account_id: Option<AccountId>,
    pub host: String,
    pub state: Vec<u8>,
    pub asked_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
