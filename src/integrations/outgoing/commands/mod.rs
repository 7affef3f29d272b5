//! What is done with addresses and deliveries.
pub mod append;
pub mod deliver;
pub mod drain;
pub mod hooks;
pub mod replay;
