//! What is done with the PSA.
pub mod claim;
pub mod matching;
pub mod push;
pub mod reconcile;
pub mod take;
