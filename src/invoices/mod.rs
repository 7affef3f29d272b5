//! What the MSP bills its clients: invoices made at Books, shown to the client they are for.
//!
//! Promise: a client sees every invoice of their company as Books last told it, and how old that is; nobody else's. What Books
//! tells late, twice or out of order changes nothing that is newer.
//! Owns: `invoices_invoice`, `invoices_client` (which client at Books is which company here).
//! Refuses: guessing whose an invoice is.
//! Tells: `invoice.sent`.

mod access;
mod api;
mod books;
mod commands;
pub mod events;
pub mod invoice;
pub mod jobs;
mod pages;
mod queries;
pub mod routes;

pub use access::{InvoiceReader, ReadableInvoice};
pub use books::answers;
pub use commands::{map_client::map_client, sync::sync, take::take};
pub use queries::{InvoiceLine, Unmapped, open_count, overdue, sync_of, unmapped};
