//! What can be done with pushed documents.
pub mod push;
