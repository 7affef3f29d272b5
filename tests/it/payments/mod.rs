//! The ledger, settlements and what Stripe tells.

mod ledger;
mod model;
mod people;
mod settle;
mod till;
mod webhooks;
