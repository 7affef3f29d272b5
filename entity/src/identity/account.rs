//! One person's way in.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, TenantId},
};

words! {
    pub enum AccountKind {
        Operator = "operator" => "Operator",
        Staff = "staff" => "MSP staff",
        Attorney = "attorney" => "Attorney",
        Client = "client" => "Client",
        Member = "member" => "Member",
    }
}

words! {
    pub enum AccountStatus {
        Invited = "invited" => "Invited",
        Active = "active" => "Active",
        Deactivated = "deactivated" => "Deactivated",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Where the e-mail is unique: `legal`, or `portal:TENANT_ID`.
    pub realm: String,
    /// Lower case, NFKC.
    pub email: String,
    pub name: String,
    pub kind: AccountKind,
    pub status: AccountStatus,
    /// The tenant of a client, member or MSP person; none for operators and attorneys, whose engagements say where they work.
    pub tenant_id: Option<TenantId>,
    /// PHC string, argon2id.
    pub password_hash: Option<String>,
    /// Sealed 160-bit secret.
    pub totp_secret: Option<Vec<u8>>,
    /// The last accepted TOTP step; it and older ones are dead.
    pub totp_step: i64,
    pub created_at: Moment,
    pub last_login_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
