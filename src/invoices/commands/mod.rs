//! What can be done: take what Books tells, say whose a client is, ask Books for what changed.

pub mod map_client;
pub mod sync;
pub mod take;
