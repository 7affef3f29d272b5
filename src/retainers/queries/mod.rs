//! Reading retainers, hours and meters.

pub mod bills;
mod cards;
mod hours;
mod leaves;
pub mod proposals;
mod timers;

pub use cards::{MeterCard, card, history, list, meter_cards};
pub use hours::{HoursLine, WantedHours, attorneys_on, charged_to, hours, matters_on, may_read};
pub use leaves::{hours_leaf, retainers_leaf};
pub use timers::{RunningTimer, header_timer, timer, timer_row, timers};
