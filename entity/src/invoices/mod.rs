//! What the MSP bills its clients, as Books tells it.
pub mod client;
pub mod invoice;

pub use invoice::InvoiceStatus;
