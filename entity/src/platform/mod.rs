//! Machines' rows: jobs, mails that went out, and the other programs spoken to.
pub mod delivery;
pub mod job;
pub mod refusal;
pub mod remote;
pub mod sync;
