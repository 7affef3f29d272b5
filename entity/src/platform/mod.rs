//! Machines' rows: jobs.
pub mod job;
