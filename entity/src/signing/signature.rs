//! One signature: what was signed, by whom, how they were known, and what they had read. Never updated, never deleted.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, EnvelopeId, SignatureId, SignerId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_signature")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignatureId,
    pub tenant_id: TenantId,
    pub envelope_id: EnvelopeId,
    /// Unique: one signature a signer and document.
    pub signer_id: SignerId,
    pub account_id: AccountId,
    pub typed_name: String,
    pub title: String,
    pub consent_version: String,
    /// SHA-256 of the consent text agreed to.
    pub consent_sha256: String,
    /// SHA-256 of the exact bytes shown.
    pub document_sha256: String,
    pub version: i32,
    /// JSON: what the server knows of the reading.
    pub reading: String,
    /// How the session was authenticated.
    pub method: String,
    pub ip: String,
    pub user_agent: String,
    pub signed_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
