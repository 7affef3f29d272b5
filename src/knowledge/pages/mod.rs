//! The client's help, the desk's, and the admin's knowledge base.

pub mod admin;
pub mod desk;
pub mod portal;
