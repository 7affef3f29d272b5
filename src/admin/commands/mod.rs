//! What the operator does to the installation.
pub mod retry_job;
