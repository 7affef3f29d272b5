//! One table: event → whom → channel → words.
//!
//! Promise: each person concerned is told once, in the transaction in which it happened: the bell at once, the mail by
//! preference. Who caused it is not told. Nobody outside a matter gets a word of it.
//! Owns: `notifications_*`. Refuses: nothing; a person marks their own lines read.

mod api;
mod commands;
pub mod jobs;
mod listen;
mod pages;
mod queries;
pub mod routes;
pub mod rules;

pub use commands::opened::opened;
pub use listen::{TOPIC, listen};
pub use queries::{unread, unread_at};
