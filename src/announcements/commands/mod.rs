//! What can be done: write it, publish it, withdraw it, delete a draft, read it.
pub mod delete;
pub mod mark_read;
pub mod publish;
pub mod save;
pub mod withdraw;
