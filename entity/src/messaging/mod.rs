//! Conversations, who takes part, and everything that happens in them.
pub mod conversation;
pub mod event;
pub mod participant;

pub use event::EventKind;
