//! How the Hub's links fared: one row a person, and one a face for links whose signature told nobody's name.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled, ids::ArrivalId};

words! {
    /// Whose links of the Hub: each face has a secret of its own.
    pub enum SsoFace {
        Client = "client" => "Clients",
        Staff = "staff" => "MSP staff",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_arrival")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ArrivalId,
    pub face: SsoFace,
    /// As of accounts; empty where the link told no name that could be believed.
    pub realm: String,
    pub email: String,
    pub last_ok_at: Option<Moment>,
    /// The code of the last refusal, `sso_expired`.
    pub last_fault: Option<String>,
    pub last_fault_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
