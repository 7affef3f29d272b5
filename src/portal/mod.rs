//! The client's face: what waits for me, my documents, reading and signing them.
//!
//! Promise: a client sees what is theirs to see and nothing before it was sent to them; a signature given here is in the vault, in
//! the policy and in the score when the confirmation page shows; a session that ends costs nothing that was read.
//! Owns: no table. It is the place where policies and signing meet.

mod access;
mod api;
mod commands;
mod pages;
pub mod routes;

pub use access::{Document, ForSignature};
