//! Machines' rows: jobs, and the other programs spoken to.
pub mod job;
pub mod remote;
