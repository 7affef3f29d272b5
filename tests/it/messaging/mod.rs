//! Conversations: the protocol, its promises, and what it refuses.

mod access;
mod disk;
mod files;
mod frames;
mod inert;
mod kill;
mod migrated;
mod nodes;
mod page;
mod send;
pub mod socket;
mod subscribe;
