//! Announcements: what the MSP tells its clients, all of them or chosen companies.
//!
//! Promise: a client sees what is published for them, and nothing of it before; what is scheduled publishes itself at its time;
//! people are told once, however often its words are mended; the admin sees who has read it.
//! Owns: `announcements_*`. Refuses: changing whom a published one is for, deleting what clients have seen.
//! Tells: [`events`].

mod access;
mod announcement;
mod commands;
pub mod events;
pub mod jobs;
mod pages;
mod queries;
pub mod routes;

pub use access::{OwnAnnouncement, ReadableAnnouncement};
pub use announcement::{SaveAnnouncement, When};
pub use commands::{mark_read::mark_read, save::save, withdraw::withdraw};
pub use queries::{Notice, newest_unread, unread_count};
