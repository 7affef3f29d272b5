//! A running installation for a test: own database, own clock, the cast, browsers for each person.
//!
//! `TEST_DATABASE_URL=postgres://…/postgres` runs the same tests on PostgreSQL, each in a database of its own.

pub mod browser;
pub mod dice;
pub mod dns;
pub mod installation;
pub mod node;
mod people;
pub mod process;
pub mod python;
pub mod smtp;
pub mod world;

pub use browser::{Answer, Browser};
pub use installation::Installation;
pub use world::World;
