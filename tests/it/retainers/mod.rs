//! Retainers: terms, hours, the meter, the timer.

mod bill;
pub mod desk;
mod hours;
mod terms;
mod timer;
