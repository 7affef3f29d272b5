//! What happens here, for customers' own programs: one feed by sequence, and webhooks that carry the same.
//!
//! Every event that may be known outside gets the next number of its tenant in the transaction that told it, without a gap; a
//! delivery to each address that wants it is written beside it. So nothing is lost and nothing is told that did not happen. An
//! address may hear the same event twice (its `id` says so), and later ones before earlier ones (its `seq` says so).

pub mod api;
mod commands;
mod event;
pub mod jobs;
mod listen;
pub mod pages;
mod queries;

pub use commands::{hooks::set_up_for_demo, replay::replay_given_up};
pub use event::{PAUSES, TYPES, signature};
pub use listen::listen;
pub use queries::{HookHealth, Overview, hooks_health, overview};
