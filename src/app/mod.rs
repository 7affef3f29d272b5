//! Wiring: settings to platform, slices to addresses, jobs to runners; the cast and the demo. Nobody uses this module.

pub mod cast;
pub mod cli;
pub mod demo;
pub mod dev_mail;
pub mod health;
pub mod jobs;
pub mod keys;
mod nav;
pub mod openapi;
pub mod operator;
mod reconcile;
pub mod routes;
pub mod server;
pub mod session;
pub mod sso_link;
pub mod start;
