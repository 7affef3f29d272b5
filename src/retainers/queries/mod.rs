//! Reading retainers, hours and meters.

pub mod bills;
mod cards;
mod hours;
pub mod proposals;
mod timers;

pub use cards::{MeterCard, card, history, list, meter_cards};
pub use hours::{HoursLine, WantedHours, attorneys_on, charged_to, hours, matters_on, may_read};
pub use timers::{RunningTimer, header_timer, timer, timer_row};
