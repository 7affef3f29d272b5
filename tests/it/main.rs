//! All tests but the browser's: one binary, one folder per capability, one cast.

#![allow(clippy::disallowed_methods, reason = "tests read the environment and make unknown ids")]

mod access;
mod announcements;
mod app;
mod audit;
#[path = "../causes/mod.rs"]
mod causes;
mod crm;
mod home;
mod identity;
mod invoices;
mod knowledge;
mod matters;
mod messaging;
mod mission;
mod notifications;
mod payments;
mod policies;
mod portal;
mod programs;
mod retainers;
mod signing;
mod support;
mod tenancy;
mod tickets;
mod troubleshooting;
mod vault;
