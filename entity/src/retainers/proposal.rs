//! Time that may be logged: made from what an attorney did, an entry only when accepted.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::{
    Moment, Walled,
    ids::{AccountId, MatterId, ProposalId, TenantId, TimeEntryId},
};

words! {
    pub enum ProposalKind {
        /// Messages of a day in one matter, together.
        Messages = "messages" => "Messages",
        /// A document of a matter was opened.
        Document = "document" => "Document",
        /// A policy's review was returned with comments.
        Returned = "returned" => "Review",
        /// A policy's review ended in approval.
        Approved = "approved" => "Review",
    }
}

words! {
    pub enum ProposalStatus {
        /// Waits for its attorney; messages of the same day are added to it.
        Open = "open" => "Open",
        Accepted = "accepted" => "Logged",
        Dismissed = "dismissed" => "Dismissed",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    pub tenant_id: TenantId,
    pub attorney_id: AccountId,
    pub matter_id: Option<MatterId>,
    pub kind: ProposalKind,
    /// What it was made from: `matter:ID`, `document:ID`, `policy:ID`.
    pub source: String,
    /// The event it was made or last grown by, so that none counts twice.
    pub told: Uuid,
    /// `2026-03-02`, in the tenant's zone.
    pub worked_on: String,
    /// Messages; 1 for everything else.
    pub pieces: i32,
    /// Sealed: the title of the document or policy; never what was written.
    pub subject: Vec<u8>,
    pub status: ProposalStatus,
    /// What it became.
    pub entry_id: Option<TimeEntryId>,
    pub created_at: Moment,
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
