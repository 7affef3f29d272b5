//! The firm's first screen, and the operator's jobs.

mod dashboard;
mod jobs;
