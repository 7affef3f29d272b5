//! The CRM, which shows a client's score, policies and how many matters are open beside its own record of the company. Its contract:
//! `docs/integrations/crm.yaml`.
//!
//! It may ask (`GET /api/crm/compliance`), and it is told: what changes a client's figures is noted inside the transaction that
//! changed them ([`listen`]), and a job sends the figures as they are then. An absence of the CRM leaves no heap: of each client only
//! the newest figures are sent. Of matters it hears how many and when, never what.

pub mod api;
mod commands;
mod figures;
pub mod jobs;
mod listen;
pub mod pages;

pub use listen::listen;
