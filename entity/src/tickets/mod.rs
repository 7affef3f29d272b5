//! Tickets of clients, what was said and done on them, and the services that can be asked for.
pub mod counter;
pub mod entry;
pub mod service;
pub mod ticket;

pub use entry::{EntryKind, EntrySide};
pub use ticket::{TicketCategory, TicketPriority, TicketStatus};
