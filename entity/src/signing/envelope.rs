//! A text that was sent to people for signature. The text itself is sealed; its SHA-256 names the exact bytes shown.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{CompanyId, DataKeyId, DocumentId, EnvelopeId, TenantId},
};

words! {
    pub enum EnvelopeStatus {
        Sent = "sent" => "Awaiting signatures",
        Completed = "completed" => "Signed by all",
        Declined = "declined" => "Declined",
        Voided = "voided" => "Withdrawn",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_envelope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnvelopeId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    pub title: String,
    /// Who asks for the signature, as the signer reads it.
    pub issuer: String,
    /// Whose text it is: `policy:ID`.
    pub source: String,
    /// The version of that source.
    pub version: i32,
    pub status: EnvelopeStatus,
    /// The exact bytes shown, sealed under `key_id`.
    pub text: Vec<u8>,
    pub key_id: DataKeyId,
    /// SHA-256 of those bytes, hex.
    pub sha256: String,
    /// One after the other rather than all at once.
    pub sequential: bool,
    /// Signing waits until the end was read.
    pub scroll_to_end: bool,
    pub deadline: Option<Moment>,
    pub reminder_days: Option<i32>,
    pub sent_at: Moment,
    pub completed_at: Option<Moment>,
    /// When it was declined or voided, and why.
    pub ended_at: Option<Moment>,
    pub end_reason: Option<String>,
    /// The signed PDF in the vault.
    pub sealed_document: Option<DocumentId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
