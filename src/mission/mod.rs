//! Mission mode: what members of a church or a nonprofit see of it, read through the Mission API and never changed here.
//!
//! Promise: a member sees what Mission says of them, at most some minutes old; where Mission cannot be asked, the last that it said
//! with its age, or a calm sentence, and the cause and its fix stand in Health. Nobody but the member sees what they give.
//! Owns: `mission_*`. Refuses: whoever is not a member, with a sentence where they are an MSP's client.

mod access;
mod commands;
mod pages;
mod queries;
pub mod record;
pub mod routes;

pub use access::MissionMember;
pub use commands::look::{answers, keep};
pub use queries::{Astray, astray};
