//! A legal issue: from open to closed. Its description is sealed under the matter's own data key.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, CompanyId, ConversationId, DataKeyId, MatterId, TenantId},
};

words! {
    pub enum MatterKind {
        ContractDispute = "contract_dispute" => "Contract dispute",
        Compliance = "compliance" => "Compliance",
        Incident = "incident" => "Incident",
        General = "general" => "General",
    }
}

words! {
    pub enum MatterStatus {
        /// Waits for an attorney to claim it.
        Open = "open" => "Open",
        InProgress = "in_progress" => "In progress",
        /// The attorney has answered; the MSP confirms.
        Resolved = "resolved" => "Resolved",
        Closed = "closed" => "Closed",
    }
}

words! {
    pub enum Urgency {
        Normal = "normal" => "Normal",
        High = "high" => "High",
        Urgent = "urgent" => "Urgent",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "matters_matter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MatterId,
    pub tenant_id: TenantId,
    /// None only where the kind is `general`.
    pub company_id: Option<CompanyId>,
    pub title: String,
    pub kind: MatterKind,
    pub urgency: Urgency,
    pub status: MatterStatus,
    pub data_key_id: DataKeyId,
    /// Sealed: what was asked is privileged.
    pub description: Vec<u8>,
    pub conversation_id: ConversationId,
    pub opened_by: AccountId,
    pub opened_by_name: String,
    /// The attorney who is responsible.
    pub claimed_by: Option<AccountId>,
    pub claimed_by_name: Option<String>,
    /// The opener's own key of this opening: the same again opens nothing new.
    pub opening_key: String,
    pub opened_at: Moment,
    pub claimed_at: Option<Moment>,
    pub resolved_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub updated_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
