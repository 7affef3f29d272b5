//! MSPs, their people, their clients, and who may change them.

mod clients;
mod domains;
mod looks;
mod operator;
mod sessions;
mod staff;
mod team;
pub mod wall;
