//! The pages of matters.

pub mod activity;
pub mod documents;
pub mod edit;
mod header;
pub mod list;
pub mod new;
pub mod people;
pub mod show;
pub mod steps;

pub use header::{Header, header};
