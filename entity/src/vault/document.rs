//! A document of the vault: its names and its newest version. Its bytes lie encrypted in the blob store.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, CompanyId, DocumentId, DocumentVersionId, TenantId},
};

words! {
    pub enum Category {
        ClientPolicies = "client_policies" => "Client Policies",
        Matters = "matters" => "Matters",
        Contracts = "contracts" => "Contracts",
        Templates = "templates" => "Templates",
        Correspondence = "correspondence" => "Correspondence",
        CustomWork = "custom_work" => "Custom Work",
    }
}

words! {
    pub enum DocumentStatus {
        Current = "current" => "Current",
        Archived = "archived" => "Archived",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vault_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    pub tenant_id: TenantId,
    pub company_id: Option<CompanyId>,
    pub category: Category,
    /// What it belongs to: `policy:ID`, `matter:ID`, `conversation:ID`, or `vault`.
    pub owner: String,
    pub title: String,
    pub status: DocumentStatus,
    /// The newest version, and what the lists show of it.
    pub version_id: DocumentVersionId,
    pub version: i32,
    pub file_name: String,
    pub media_type: String,
    pub size: i64,
    /// SHA-256 of the bytes before encryption, hex.
    pub sha256: String,
    pub created_by: Option<AccountId>,
    pub created_by_name: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    /// Since when it waits for the message that names it; nobody but its sender knows of it until then.
    pub waiting_since: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
