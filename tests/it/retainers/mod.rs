//! Retainers: terms, hours, the meter, the timer.

mod bill;
mod changes;
pub mod desk;
mod hours;
mod proposals;
mod terms;
mod timer;
