//! Rows of the database: one folder per capability, one file per table, SeaORM 2 entities by hand.
//!
//! A row knows no rule. Each table says behind which wall it stands: [`Walled`] tables hold a
//! tenant's data and can only be read through a reach; [`Unwalled`] tables hold none.

#![forbid(unsafe_code)]

pub mod ids;
pub mod moment;
pub mod wall;
#[macro_use]
mod words;

pub mod announcements;
pub mod audit;
pub mod compliance;
pub mod crm;
pub mod identity;
pub mod integrations;
pub mod invoices;
pub mod knowledge;
pub mod matters;
pub mod messaging;
pub mod mission;
pub mod notifications;
pub mod payments;
pub mod platform;
pub mod policies;
pub mod programs;
pub mod pushed;
pub mod retainers;
pub mod signing;
pub mod tenancy;
pub mod tickets;
pub mod vault;

pub use moment::Moment;
pub use wall::{Reach, Unwalled, Walled};
