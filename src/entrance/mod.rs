//! The doors of both faces: sign-in, second factor, invitations, forgotten passwords, a person's own profile.
//!
//! Owns no rows: identity says who somebody is, tenancy where they sit and how the portal looks. It stands below both because
//! a portal's sign-in page wears its tenant's look, which identity does not know.
//! Refuses: anything but the code page to a half-done sign-in.

mod access;
pub mod kept;
mod pages;
mod portals;
pub mod routes;

pub use access::{Fresh, StepUp};
