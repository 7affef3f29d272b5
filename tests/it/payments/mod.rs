//! The ledger, settlements and what Stripe tells.

mod ledger;
mod settle;
mod till;
