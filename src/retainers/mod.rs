//! Retainers: terms between an MSP and its attorney, the hours worked, and the meter both sides read.
//!
//! Promise: what was accepted is what was shown (the terms carry a version); an entry counts in steps of six minutes; both sides
//! see the same meter, and the meter is the sum of the entries; one timer a person runs, also through a restart.
//! Owns: `retainers_*`. What was done is sealed: descriptions of hours are privileged.
//! Refuses: hours on a retainer that is not active, a change of terms the MSP has accepted, an entry that was settled.
//! Tells: [`events`].
//!
//! What attorneys do elsewhere is heard and proposed as time ([`listen`]); it counts when they accept it. New terms hold from the
//! first day of a later month, so that every month has one set of terms: [`bill_of`] answers any month by its own.
//!
//! A month of a retainer begins on its billing day, in the tenant's zone. Hours on a matter show that matter's title and what
//! was done only to those who may know of the matter; its wall stands here as well.

mod access;
mod api;
mod bill;
mod commands;
mod crypt;
pub mod events;
mod hours_form;
pub mod jobs;
mod ledes;
mod listen;
mod meter;
mod minutes;
mod pages;
mod proposal;
mod queries;
pub mod routes;
mod terms;

pub use access::{Accepter, HoursLogger, Mandate, Offerer, RetainerParty, RetainerPrimary, RetainerViewer, RetainerWorker, Seats};
pub use bill::Bill;
pub use commands::{
    accept::accept,
    accept_proposal::accept_proposal,
    cancel::cancel,
    change_terms::{accept_change, decline_change, offer_change, withdraw_change},
    discard_timer::discard_timer,
    dismiss_proposal::dismiss_proposal,
    draft::draft,
    edit_hours::edit_hours,
    log_hours::{LogHours, log_hours},
    offer::offer,
    pause::pause,
    resume::resume,
    revise::revise,
    start_timer::start_timer,
    stop_timer::stop_timer,
    withdraw::withdraw,
    write_off::write_off,
};
pub use ledes::check as check_ledes;
pub use listen::listen;
pub use meter::{Meter, Month, day_in};
pub use minutes::{in_steps, parse as parse_minutes};
pub use queries::{
    MeterCard,
    bills::{MonthBill, bill_of},
    header_timer, meter_cards,
    proposals::waiting_proposals,
    timers,
};
pub use terms::Terms;
