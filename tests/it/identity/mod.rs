//! Signing in, and everything that must not open a door.

mod activity;
mod client_app;
mod email;
mod factor;
mod hub;
mod hub_killed;
pub mod invite;
mod kept;
mod lock;
mod mail_link;
mod new_app;
mod passkeys;
mod profile;
mod reset;
mod session_key;
mod sign_in;
mod sso_logs;
mod step_up;
mod trail;
