//! A passkey: the public half of a key that a person's own device keeps, for one host.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, PasskeyId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_passkey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub account_id: AccountId,
    /// The host it works on (the relying party's id).
    pub host: String,
    /// The credential's id, base64url.
    pub credential: String,
    /// The public key and its counter, as the library writes them.
    pub key: Vec<u8>,
    pub name: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
    /// Its counter went back: it may have been copied, and opens nothing any more.
    pub stopped_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
