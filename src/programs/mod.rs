//! API keys: which programs of an MSP come, and what they may ask.
//!
//! Owns: `programs_*`. Promise: a key opens the data of its own MSP alone, and of that only what it was made for; it is shown once,
//! kept as a hash, ends by itself, and is shut at once. Each slice answers for its own things; here are clients and the audit log,
//! which stand above. Refuses: what is privileged (conversations, descriptions, texts and bytes of documents) to every key.

mod access;
pub mod api;
mod commands;
mod key;
mod once;
pub mod pages;
mod queries;
pub mod routes;

pub use access::{May, Program, by_key, identify};
pub use commands::{
    create_key::{NewKey, create_key},
    revoke_key::revoke_key,
};
pub use key::{
    ReadAudit, ReadClients, ReadDocuments, ReadEvents, ReadInvoices, ReadMatters, ReadPayouts, ReadPolicies, ReadRetainers,
    ReadTemplates, ReadTickets, SCOPES, Scope, WriteClients, WriteTickets,
};
pub use once::{once, own_word};
