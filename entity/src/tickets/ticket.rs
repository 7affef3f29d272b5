//! A ticket: what a client needs of their MSP. It stands in clear, as it goes to the MSP's PSA.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, CompanyId, ContactId, MatterId, ServiceId, TenantId, TicketId},
};

words! {
    pub enum TicketStatus {
        Open = "open" => "Open",
        InProgress = "in_progress" => "In progress",
        WaitingOnClient = "waiting_on_client" => "Waiting on client",
        WaitingOnVendor = "waiting_on_vendor" => "Waiting on vendor",
        Resolved = "resolved" => "Resolved",
        Closed = "closed" => "Closed",
    }
}

words! {
    pub enum TicketPriority {
        Low = "low" => "Low",
        Normal = "normal" => "Normal",
        High = "high" => "High",
        Urgent = "urgent" => "Urgent",
    }
}

words! {
    pub enum TicketCategory {
        Hardware = "hardware" => "Computers and devices",
        Software = "software" => "Software",
        Network = "network" => "Internet and network",
        Email = "email" => "E-mail",
        Access = "access" => "Accounts and access",
        Security = "security" => "Security",
        Billing = "billing" => "Billing",
        Request = "request" => "Something new",
        Other = "other" => "Something else",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets_ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    /// What people call it: #1042, counted by tenant.
    pub number: i64,
    pub subject: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    pub status: TicketStatus,
    pub description: String,
    /// The service of the catalog it asks for, as it was called then.
    pub service_id: Option<ServiceId>,
    pub service_name: Option<String>,
    /// JSON: `[[question, answer], …]`, as they read when it was sent.
    pub answers: String,
    /// When the service's promise runs out.
    pub due_at: Option<Moment>,
    /// Whom it is for: they see it whatever else they see.
    pub contact_id: Option<ContactId>,
    pub opened_by: Option<AccountId>,
    pub opened_by_name: String,
    pub assignee_id: Option<AccountId>,
    pub assignee_name: Option<String>,
    pub matter_id: Option<MatterId>,
    /// The opener's own key of this opening: the same again opens nothing new.
    pub opening_key: String,
    /// When each field that another system may change as well was last written, there or here: the later writer stands.
    pub subject_at: Moment,
    pub priority_at: Moment,
    pub status_at: Moment,
    /// Grows by one with everything that happens to it.
    pub revision: i64,
    /// What the other system calls it.
    pub outside_ref: Option<String>,
    /// When the other system last took something of it, and up to which revision.
    pub seen_at: Option<Moment>,
    pub seen_revision: i64,
    /// Up to which revision there is something for the other system.
    pub outgoing_revision: i64,
    /// How often the other system had changed it when we last heard.
    pub outside_version: i64,
    /// Why the other system has not seen what is new, for staff.
    pub trouble: Option<String>,
    pub trouble_at: Option<Moment>,
    /// The other system does not answer at all, rather than refuses this one.
    pub trouble_away: bool,
    pub opened_at: Moment,
    pub updated_at: Moment,
    pub resolved_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
