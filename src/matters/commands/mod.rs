//! What can be done with a matter.
pub mod add_participant;
pub mod change_urgency;
pub mod claim;
pub mod close;
pub mod file_documents;
pub mod join;
pub mod open;
pub mod participation;
pub mod remove_participant;
pub mod rename;
pub mod reopen;
pub mod resolve;
pub mod step;
