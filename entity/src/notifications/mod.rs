//! What people were told, and what they want to be told by mail.
pub mod notification;
pub mod preference;
