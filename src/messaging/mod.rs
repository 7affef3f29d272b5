//! Conversations and what happens in them, live and stored.
//!
//! Promise: what is acknowledged is on disk; everybody sees 1, 2, 3 … with no gap and no repeat; a person removed sees nothing
//! more from that moment. One sequence per conversation carries all of it and is hash-chained: the log is its own audit.
//! Owns: `messaging_*`. Tells: `message.mentioned`, `message.posted`, `message.written`, `conversation.read`. Refuses: whoever is not a participant, as if there were
//! no such conversation.

mod access;
mod api;
mod commands;
mod content;
mod events;
mod feed;
mod hub;
mod live;
mod outlet;
mod pages;
mod post;
mod queries;
pub mod routes;
mod view;
mod wire;
mod writer;

pub use access::Participant;
pub use commands::about_client::about_client;
pub use commands::join::join;
pub use commands::leave::leave;
pub use commands::open_conversation::open_conversation;
pub use commands::post_status::post_status;
pub use commands::rename::rename;
pub use commands::show_at::show_at;
pub use content::owner;
pub use hub::Hub;
pub use post::{post, post_all};
pub use queries::{
    by_activity, first_broken, is_participant, last_activity, last_at, participants, unread, unread_among, unread_conversations,
};
pub use view::{ConversationView, view, view_before};
pub use writer::hub;
