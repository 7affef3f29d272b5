//! What can be done with tickets and the catalog.
pub mod attach;
pub mod change;
pub mod comment;
pub mod entry;
pub mod open;
pub mod open_matter;
pub mod outside;
pub mod save_service;
