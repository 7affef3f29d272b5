//! The PSA, in which the MSP's technicians work on tickets. Its contract: `docs/integrations/psa.yaml`.
//!
//! Out: every change of a ticket is told inside its transaction ([`listen`]) and delivered by a job, in the order of the ticket's
//! revisions, each with an idempotency key. In: `POST /api/psa/tickets`, and every five minutes what it changed since. Both sides
//! keep the later writing of a field and all comments, so it does not matter what comes first, twice, or late.

mod access;
pub mod api;
mod commands;
pub mod jobs;
mod listen;
pub mod pages;
mod person;
mod queries;
mod wire;

pub use access::{PsaCaller, Technician};
pub use commands::{
    push::push,
    reconcile::reconcile,
    take::take,
    take_people::{TakenPerson, take_people, take_person},
};
pub use listen::listen;
pub use queries::{Health, health, of_tenant};
pub use wire::{Comment, Person, Ticket, Written, answers};
