//! One line of the audit log; never updated, never deleted (the database refuses both).

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, AuditEntryId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    /// The chain: a tenant's id, or `installation` for what belongs to no tenant.
    pub chain: String,
    pub tenant_id: Option<TenantId>,
    /// 1, 2, 3 … within the chain.
    pub seq: i64,
    pub at: Moment,
    pub actor_id: Option<AccountId>,
    /// Name of the person, job or command at that time.
    pub actor: String,
    /// `noun.verb`
    pub action: String,
    /// `noun:id` of what it was done to.
    pub object: String,
    /// `ok` or `denied`.
    pub result: String,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    /// JSON object, keys sorted.
    pub detail: String,
    /// SHA-256 over the previous hash and all of the above, hex.
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
