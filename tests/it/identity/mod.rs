//! Signing in, and everything that must not open a door.

mod activity;
mod email;
mod factor;
pub mod invite;
mod kept;
mod lock;
mod new_app;
mod profile;
mod reset;
mod session_key;
mod sign_in;
mod trail;
