//! Retainers, changes of their terms, their history, hours, what may become hours, warnings and timers.
pub mod amendment;
pub mod event;
pub mod proposal;
pub mod retainer;
pub mod time_entry;
pub mod timer;
pub mod warning;

pub use amendment::AmendmentStatus;
pub use proposal::{ProposalKind, ProposalStatus};
pub use retainer::RetainerStatus;
