//! The pages of retainers, hours and the timer.

pub mod change;
pub mod edit;
pub mod entry;
pub mod export;
pub mod history;
pub mod hours;
pub mod list;
pub mod matter_hours;
pub mod proposals;
pub mod show;
pub mod steps;
pub mod timer;
