//! What this slice tells the others: ids and names, never what was written.

use entity::ids::{AccountId, CompanyId, TenantId, TicketId};
use serde::Serialize;

use crate::platform::{Event, events};

/// The ticket an event is about, and whom it concerns at that moment.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub ticket: TicketId,
    pub number: i64,
    pub title: String,
    pub company: CompanyId,
    /// `now Resolved`, for words.
    pub status: &'static str,
    /// The client it is for, where they have an account.
    pub requester: Option<AccountId>,
    pub assignee: Option<AccountId>,
    /// The assignee, or everybody at the desk where nobody has it yet.
    pub desk: Vec<AccountId>,
}

events! {
    /// By a client, or in the PSA: to the desk.
    TicketOpened = "ticket.opened",
    /// The client wrote: to the desk.
    TicketWritten = "ticket.client_wrote",
    /// The client wrote on what was done: it is open again.
    TicketReopened = "ticket.reopened",
    /// The MSP answered: to the client.
    TicketAnswered = "ticket.answered",
    /// It waits for the client, or it is resolved: to the client.
    TicketAsked = "ticket.waits_for_client",
    TicketResolved = "ticket.resolved",
    /// To whom it was given.
    TicketAssigned = "ticket.assigned",
}

/// Something of the ticket changed here that a system outside must hear of. What came from there is not told.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct TicketChanged {
    pub tenant: TenantId,
    pub ticket: TicketId,
    pub revision: i64,
}

impl Event for TicketChanged {
    const NAME: &'static str = "ticket.changed";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}
