//! The client's announcements, and the admin's.

pub mod admin;
pub mod portal;
