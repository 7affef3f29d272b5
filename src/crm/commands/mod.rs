//! What can be done: take what the CRM tells, say who a company is, ask the CRM for what changed, note what it was told.

pub mod decide;
pub mod note;
pub mod sync;
pub mod take;
