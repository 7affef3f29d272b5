//! MSP and operator screens.
//!
//! Owns no rows: it asks and commands the slices above.

mod commands;
pub mod health;
mod hub;
mod model;
mod pages;
mod portals;
mod programs;
mod queries;
mod remotes;
pub mod routes;
mod tenants;

pub use queries::{findings, tenant_findings};
