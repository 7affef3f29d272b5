//! The ledger, settlements and what Stripe tells.

mod ledger;
mod model;
mod pages;
mod people;
mod settle;
mod statements;
mod till;
mod webhooks;
