//! A webhook of Stripe's, stored before it is answered. It only ever says where to look; what is true is fetched.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_webhook")]
pub struct Model {
    /// `evt_…`: the same event again is the same row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// `payment_intent.succeeded`
    pub kind: String,
    /// The connected account it came from, or empty.
    pub account: String,
    /// `payment_intent`, `charge` …, and its name.
    pub object: String,
    pub object_id: String,
    /// The settlement its metadata names, or empty: a hint, never believed.
    pub hint: String,
    pub livemode: bool,
    pub received_at: Moment,
    /// The bytes as they came, sealed.
    pub payload: Vec<u8>,
    pub worked_at: Option<Moment>,
    /// What came of it.
    pub outcome: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
/// Stripe's own numbering, before anybody knows whose it is.
impl Unwalled for Entity {}
