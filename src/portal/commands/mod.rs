//! What the portal does with several slices at once.
pub mod sign;
