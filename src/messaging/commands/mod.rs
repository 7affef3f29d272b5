//! What messaging can do.
pub mod about_client;
pub mod append;
pub mod join;
pub mod leave;
pub mod open_conversation;
pub mod post_status;
pub mod rename;
pub mod show_at;
pub mod write_batch;
