//! Clients and their contacts as the MSP's CRM keeps them.
pub mod client;
pub mod contact;
