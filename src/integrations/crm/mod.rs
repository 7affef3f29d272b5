//! The CRM, which shows a client's score and policies beside its own record of the company. It asks; nothing is sent to it.

mod access;
pub mod api;
