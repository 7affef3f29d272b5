//! One link of an envelope's chain of evidence. Never updated, never deleted.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, EnvelopeId, EvidenceId, SignerId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    pub tenant_id: TenantId,
    pub envelope_id: EnvelopeId,
    /// 1, 2, 3 … within the envelope.
    pub seq: i64,
    pub at: Moment,
    /// `sent`, `viewed`, `progress`, `signed`, `declined`, `replaced`, `reminded`, `completed`, `voided`, `sealed`
    pub kind: String,
    pub signer_id: Option<SignerId>,
    pub account_id: Option<AccountId>,
    /// Name of the person or job at that time.
    pub actor: String,
    pub ip: String,
    pub user_agent: String,
    /// JSON object, keys sorted.
    pub detail: String,
    /// SHA-256 over the previous hash and all of the above, hex.
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
