//! Documents that other installations push here for signature.
//!
//! Owns: `pushed_*`. Promise: the same document pushed twice is one document; it waits where the client's own do, is read and signed
//! as they are, lands in the vault, and who pushed it hears by webhook what became of it (`envelope.*` with `external_id`). Refuses:
//! callers without PORTAL_INTEGRATION_KEY, and tenants, companies and people that are not here, each by name.

mod access;
mod api;
mod commands;
mod pages;
mod queries;
pub mod routes;

pub use access::{PushedReader, Pusher};
pub use commands::push::{Push, push};
pub use queries::{envelope_for, external_id, id_of, source};
