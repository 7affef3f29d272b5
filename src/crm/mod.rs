//! The MSP's clients as its CRM keeps them: companies and their people come from there. Its contract: `docs/integrations/crm.yaml`.
//!
//! Promise: a client of the CRM is one client here, also where it was entered by hand before; what was changed here stands; nothing
//! is deleted because it is gone there. Where the list of clients is empty, it is said which of the causes it is.
//! Owns: `crm_*`. Refuses: guessing who a company is where several could be meant, giving anybody access.

mod access;
mod api;
mod commands;
mod company;
mod emptiness;
pub mod jobs;
mod pages;
mod queries;
pub mod routes;
mod wire;

pub use access::Crm;
pub use commands::{
    decide::{Decision, decide},
    note::{note_change, note_told, note_trouble},
    sync::sync,
    take::take,
};
pub use company::{Company, Person};
pub use emptiness::Emptiness;
pub use queries::{Counts, behind, client_by_ref, client_of_company, clients, counts, sync_of, waiting};
pub use wire::answers;
