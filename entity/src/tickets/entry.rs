//! Something said or done on a ticket.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, TenantId, TicketEntryId, TicketId},
};

words! {
    pub enum EntryKind {
        Comment = "comment" => "Comment",
        /// Internal: clients never see it.
        Note = "note" => "Internal note",
        Change = "change" => "Change",
        /// A change of the other system's that came too late to stand. Staff see it.
        Overruled = "overruled" => "Overruled",
    }
}

words! {
    /// From which side it came.
    pub enum EntrySide {
        Client = "client" => "Client",
        Staff = "staff" => "MSP",
        /// The PSA.
        Outside = "outside" => "PSA",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketEntryId,
    pub tenant_id: TenantId,
    pub ticket_id: TicketId,
    /// The ticket's revision with it: the order of entries.
    pub seq: i64,
    pub kind: EntryKind,
    pub side: EntrySide,
    pub author_id: Option<AccountId>,
    pub author_name: String,
    pub body: String,
    /// The same again is not written twice: the form's key, `psa:ID`, or `status@MS=open`.
    pub entry_key: String,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
