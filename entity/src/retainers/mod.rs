//! Retainers, their history, hours and timers.
pub mod event;
pub mod retainer;
pub mod time_entry;
pub mod timer;

pub use retainer::RetainerStatus;
