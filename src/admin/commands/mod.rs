//! What the operator does to the installation, and an MSP's admin to what waits for other programs.
pub mod retry_job;
pub mod send_mail_again;
pub mod try_out;
