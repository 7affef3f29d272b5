//! What can be done with retainers and hours.
pub mod accept;
pub mod bill_months;
pub mod cancel;
pub mod discard_timer;
pub mod draft;
pub mod edit_hours;
pub mod log_hours;
pub mod offer;
pub mod pause;
pub mod resume;
pub mod revise;
pub mod start_timer;
pub mod step;
pub mod stop_timer;
pub mod withdraw;
pub mod write_off;
