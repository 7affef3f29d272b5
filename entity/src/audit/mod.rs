//! What happened: entries and the heads of their chains.
pub mod entry;
pub mod head;
