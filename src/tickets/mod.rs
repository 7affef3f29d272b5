//! Tickets: what clients ask of their MSP, and the catalog of services they can ask for.
//!
//! Promise: a client sees their own tickets, or their company's, by their access level, and never an internal note; nothing that
//! was written is lost or written twice, wherever it came from; of two who change the same field, the later one stands and the
//! other is recorded on the ticket.
//! Owns: `tickets_*`. Refuses: work by viewers, answers that the service's form does not take.
//! Tells: [`events`]; what another system (the PSA) must hear is [`events::TicketChanged`], what came from there is not told back.
//!
//! Attorneys have no part in tickets; staff open a matter from one where a lawyer is needed.

mod access;
mod api;
mod catalog;
mod commands;
pub mod events;
mod pages;
mod queries;
pub mod routes;
mod ticket;

pub use access::{ClientTicket, DeskTicket, DeskWorker, Requester, ServiceRequester};
pub use catalog::{Question, QuestionKind};
pub use commands::{
    change::{Change, change},
    comment::{Comment, comment_as_client, comment_as_program, comment_as_staff},
    open::{OpenTicket, open, open_as_program},
    open_matter::open_matter,
    outside::{Comment as OutsideComment, Heard, Opened, Snapshot, Stamped, note_seen, note_trouble, receive, receive_new},
    save_service::{SaveService, save_service},
};
pub use entity::tickets::{EntryKind, EntrySide, TicketCategory, TicketPriority, TicketStatus};
pub use queries::{
    Delivery, TicketLine, Unsent, attachments_of, away_since, by_outside_ref, entries, entry_of, of_tenant, outgoing, ticket,
    unsent_of, waiting_count_for_client, waiting_count_for_staff, waiting_for_client, waiting_for_staff,
};
pub use ticket::{Field, client_label, href_of_client, href_of_staff, owner};
