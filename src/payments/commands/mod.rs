//! What payments can do.
pub mod post;
