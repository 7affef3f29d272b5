//! Programs beside us: keys, lists, the feed, webhooks, documents pushed from elsewhere, and the reference of it all.

mod hooks;
mod integrations;
mod keys;
pub mod lists;
mod openapi;
pub mod program;
mod push;
